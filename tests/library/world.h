/* The simulator, and clients of the library for it. The library is linked as its users link it:
 * what the tests take from the core is another copy. */
#pragma once

#include "../contract/remote.h"

#include <stellion.h>

/* A keeper in memory, with faults. */
struct shelf {
    char text[STELLION_TOKEN_BYTES];
    int n_saves, n_loads, n_locks;
    int fail_from, fail_to; /* saves by number, from 1, that fail; 0: none */
    bool fails_to_load;
    bool is_locked;
};

struct stellion_token_keeper shelf_keeper(struct shelf *shelf);

/* Options for the simulator of the test; what they point to lives as long as `remote`. */
struct stellion_options stellr_options(const struct remote *remote);
struct stellion_options ion_options(const struct remote *remote,
                                    const struct stellion_token_keeper *keeper);

/* The call ends so; else its error is shown. */
#define assert_ends(call, wanted, error)                                                           \
    do {                                                                                           \
        enum stellion_status status_ = (call);                                                     \
        if (status_ != (wanted)) {                                                                 \
            print_error("%s: %s: %s\n", #call, stellion_status_name(status_), (error)->text);      \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
        assert_int_equal((error)->code, status_);                                                  \
    } while (0)
