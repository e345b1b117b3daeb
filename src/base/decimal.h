/* Money and other exact numbers: int64 at 10^-8, read from the text of the number, never through a
 * double. All rounding of the program happens in this file, half away from zero.
 *
 * Range: +-92,233,720,368.54775807. Prices are recorded with up to 7 decimals; what is finer than
 * 8 is rounded once and flagged, and its text is kept beside it by whoever reads it. Sums are kept
 * in 128 bits, so that adding cannot overflow. */
#pragma once

#include "base/buf.h"

#define DECIMAL_ONE INT64_C(100000000)

struct decimal {
    int64_t units; /* of 10^-8 */
};

__extension__ typedef __int128 int128;

/* "63.8452759", "-1", "1e-7", "6.38E1". ST_INVALID for anything else and outside the range; the
 * text is quoted in the error. `ret_rounded` may be NULL. */
enum status decimal_parse(struct str text, struct decimal *ret_value, bool *ret_rounded,
                          struct error *err);

/* The same for amounts that people wrote: white space around it, `mark` as decimal mark, and
 * `grouping` (0 for none) between groups of three digits. No exponent. */
enum status decimal_parse_written(struct str text, char mark, char grouping,
                                  struct decimal *ret_value, bool *ret_rounded, struct error *err);

/* All digits, no trailing zeros: "63.8452759", "811.945345", "0". */
struct str decimal_exact(struct decimal value, char at[32]);

/* An exact sum or product, in units of 10^-8. */
struct total {
    int128 units;
};

struct total total_add(struct total a, struct total b);
struct total total_subtract(struct total a, struct total b);
struct total total_of(struct decimal value);
struct total total_times(struct decimal value, int64_t count); /* exact */

/* a x b / divisor, rounded once at 10^-8. */
struct total total_product(struct decimal a, struct decimal b, int64_t divisor);
struct total total_negate(struct total a);
int total_sign(struct total a); /* -1, 0, 1 */
int total_compare(struct total a, struct total b);

/* Divided by a positive number, rounded half away from zero at 10^-8. */
struct total total_divide(struct total a, int64_t divisor);

/* a * count / of, rounded once. `of` must be positive. */
struct total total_share(struct total a, int64_t count, int64_t of);

/* With exactly `decimals` (0 to 8) digits behind the point, rounded half away from zero:
 * "1234.50", "-0.07". */
void total_print(struct buf *to, struct total value, int decimals);

/* The same with groups for people: "1,234.50". */
void total_print_grouped(struct buf *to, struct total value, int decimals);

/* All digits, no trailing zeros. */
void total_print_exact(struct buf *to, struct total value);
