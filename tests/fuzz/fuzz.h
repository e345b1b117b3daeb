/* What every harness includes. A harness is one function that is given bytes; it asserts what must
 * hold whatever they are. Options come from the first bytes, the text is the rest. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The property holds; else the process ends here, and the fuzzer keeps the input. */
#define HOLDS(property) ((property) ? (void)0 : broken(#property, __FILE__, __LINE__))
_Noreturn void broken(const char *property, const char *file, int line);

/* Bytes that are used up from the front. */
struct input {
    struct str rest;
};

struct input input_of(const uint8_t *data, size_t size);
unsigned input_byte(struct input *in);               /* 0 when there is none left */
size_t input_choice(struct input *in, size_t count); /* from 0 to count - 1 */
bool input_flag(struct input *in);
int64_t input_number(struct input *in); /* of any size, small ones more often */

/* The part up to the separator, in memory of just its size: reading beyond it is seen. False when
 * the input is spent. The part is freed with the arena. */
bool input_part(struct input *in, struct arena *a, char separator, struct str *ret_part);
struct str exact_copy(struct arena *a, struct str text);

/* An error is one: code as returned, a text, and ended texts. */
void holds_error(enum status s, const struct error *err);

/* UTF-8 without anything that steers a terminal. */
void holds_printable(struct str text);
void holds_printable_error(const struct error *err);

bool contains(struct str text, struct str part); /* a part that is not empty */

/* The arena did not outgrow this many bytes for each byte of input. */
void holds_memory(const struct arena *a, size_t input_bytes, size_t per_byte);
