/* Names of organisations and people: plausible, invented, below .example. */
#pragma once

#include "base/arena.h"

/* Names of the organisation at this place: unique for every place. */
struct organisation_name {
    struct str legal;  /* "Northwind Dental Group" */
    struct str domain; /* "northwinddental.example" */
};
struct organisation_name name_organisation(struct arena *a, uint64_t seed, int64_t place);

struct str name_person(struct arena *a, uint64_t bits);

struct place_name {
    const char *street, *city, *state, *zip;
};
struct place_name name_place(uint64_t bits);
