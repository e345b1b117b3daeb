/* Chance that is the same for the same seed: every fact of the world is a pure function of the seed
 * and of where it stands, so that a world of any size needs no memory and can be asked anywhere. */
#pragma once

#include <stdint.h>

/* Mixes a seed and up to three numbers into 64 well-spread bits (splitmix64). */
uint64_t chance(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);

/* A number from 0 to below - 1. */
int64_t chance_below(uint64_t bits, int64_t below);
