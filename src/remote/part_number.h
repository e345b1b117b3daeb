/* Manufacturer part numbers. Microsoft's NCE ones name a product, a SKU and sometimes term and
 * billing cycle: "CFQ7TTC0LCHC:0002:P1Y:M" (ion 4.3 REAL, market 3.2). */
#pragma once

#include "base/str.h"

enum part_family {
    PART_OTHER,
    PART_ONLINE,   /* CFQ7TTC0....: online services, by seats */
    PART_AZURE,    /* DZH318Z0....: Azure, by usage */
    PART_SOFTWARE, /* DG7GMGF0....: software; no seats in the tenant */
};

struct part_number {
    enum part_family family;
    char product[13]; /* "CFQ7TTC0LCHC" */
    char sku[5];      /* "0002"; "" when the part number names none */
    bool is_weak;     /* the SKU had three characters: it may be a distributor's own suffix */
    char term[4];     /* "P1Y" or "" */
    char cycle[2];    /* "M", "A", "T", "Y" or "" */
};

/* Finds the Microsoft part in the text, also with a country glued in front ("USCFQ7TTC0LCHC0002")
 * or other separators. False when there is none: the text is another maker's. */
bool part_number_parse(struct str text, struct part_number *ret_part);

/* Appends nothing and returns false unless product and SKU are both there and not weak:
 * "CFQ7TTC0LCHC:0002". `at` takes 18 bytes. */
bool part_number_key(struct str text, char at[static 18]);
