/* UTF-8: checking, cutting without halving a character, and what a terminal may see. */
#pragma once

#include "base/str.h"

/* True when all of it is well-formed UTF-8 (no overlong forms, surrogates, or beyond U+10FFFF). */
bool utf8_valid(struct str text);

/* Number of bytes before the first ill-formed one (all of them when valid). */
size_t utf8_valid_bytes(struct str text);

/* Removes a halved character from the end of a NUL-terminated text that was cut at a byte. */
void utf8_cut_tail(char *text);

/* The longest prefix of at most `max_bytes` that ends with a whole character. */
struct str utf8_prefix(struct str text, size_t max_bytes);

/* Decodes one character at the start of non-empty text; returns its bytes, 0 when ill-formed. */
size_t utf8_decode(struct str text, uint32_t *ret_character);

/* Appends the UTF-8 form of a character (up to 4 bytes) to `at`; returns the bytes written. */
size_t utf8_encode(uint32_t character, char at[4]);

/* Columns that a character takes on a terminal: 0 for combining marks, 2 for East Asian wide and
 * emoji, else 1. */
int utf8_columns(uint32_t character);

/* Replaces, in place, whatever would steer a terminal or hide text, and bytes that are no UTF-8,
 * each by '?'. `but` are characters to leave, such as "\n". */
void utf8_make_printable(char *text, const char *but);

/* True for characters that would steer a terminal or hide text: controls, direction overrides. */
bool utf8_is_unprintable(uint32_t character);
