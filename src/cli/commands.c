/* The one list of commands, in the order in which people meet them. */
#include "cli/commands.h"

#include "base/moment.h"
#include "base/os.h"
#include "base/zone.h"
#include "hub/lists.h"

/* clang-format off */
const struct command *const commands[] = {
    &command_connect,
    &command_connections,
    &command_sync,
    &command_customers,
    &command_subscriptions,
    &command_history,
    &command_bill,
    &command_reconcile,
    &command_mappings,
    &command_map,
    &command_actions,
    &command_call,
    &command_purchases,
    &command_policy,
    &command_doctor,
    &command_keep_alive,
    &command_simulate,
    &command_docs,
    &command_completion,
    &command_complete,
    NULL,
};
/* clang-format on */

enum status secret_from_file(struct arena *a, struct str path, const struct secret **ret_secret,
                             struct error *err)
{
    struct str text;
    TRY(os_read_file(a, arena_text(a, path), LIMIT_SECRET_BYTES, &text, err));
    struct str trimmed = str_trim(text);
    *ret_secret = secret_new(a, trimmed);
    os_wipe((char *)text.at, text.len);
    if (secret_is_empty(*ret_secret))
        return fail(err, ST_INVALID, "%.*s is empty; it should hold the secret", STR_PRINT(path));
    return ST_OK;
}

struct str time_text(struct context *c, int64_t ms)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    if (ms == 0)
        return STR("-");
    zone_print(hub_zone(c->hub), &text, ms);
    return arena_copy(c->a, buf_str(&text));
}

struct str day_text(struct arena *a, int64_t ms)
{
    SCOPED(buf_release) struct buf text = BUF(32);
    date_print(&text, date_of_ms(ms));
    return arena_copy(a, buf_str(&text));
}
