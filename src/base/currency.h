/* Currencies: how many decimals their amounts are shown with (ISO 4217). An unknown code is kept
 * and shown with two; nothing is ever converted. */
#pragma once

#include "base/decimal.h"

int currency_decimals(struct str code);

/* Three upper-case letters. */
bool currency_looks_right(struct str code);

/* "1,234.50 USD", for people. */
void currency_print(struct buf *to, struct total amount, struct str code);
