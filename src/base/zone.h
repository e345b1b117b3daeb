/* Time zones by IANA name, from the machine's own database (TZif files, RFC 8536). A workspace has
 * one; people see its times. Own reader because libc's zone is a setting of the whole process. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"

struct zone;

/* "Europe/Stockholm", "America/New_York", "UTC". ST_INVALID with the reason when there is no such
 * zone here. Lives in the arena. */
enum status zone_open(struct arena *a, struct str name, const struct zone **ret_zone,
                      struct error *err);

/* The same from the bytes of a TZif file. */
enum status zone_read(struct arena *a, struct str file, const struct zone **ret_zone,
                      struct error *err);

/* Seconds east of UTC at a moment. */
int zone_offset_s(const struct zone *zone, int64_t utc_ms);

/* "2026-07-09 17:21": date and time of day in the zone. */
void zone_print(const struct zone *zone, struct buf *to, int64_t utc_ms);

/* The day that it is in the zone. */
void zone_date(const struct zone *zone, int64_t utc_ms, struct date *ret_date);
