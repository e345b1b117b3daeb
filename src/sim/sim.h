/* The simulator: both marketplaces, pretending, on loopback. It follows the reference and not our
 * client: other people's clients are meant to work against it. */
#pragma once

#include "base/clock.h"
#include "base/options.h"
#include "sim/faults.h"
#include "sim/world.h"

struct sim_settings {
    struct str listen;        /* ADDRESS:PORT, both under /stellr and /ion, and the control path;
                               * STR_NONE: not at all */
    struct str listen_stellr; /* Stellr alone at the root of a port of its own */
    struct str listen_ion;
    uint64_t seed;
    int64_t n_customers, n_subscriptions; /* at each marketplace; -1: as the scenario says */
    int64_t n_edited, n_missing, n_missing_customers;
    int64_t latency_ms;  /* added to every answer */
    int64_t token_ttl_s; /* of access tokens; 0: as the knob says */
    struct option_list faults;
    struct option_list knobs;   /* NAME=VALUE */
    struct str knobs_file;      /* lines of them, # for remarks; STR_NONE: none */
    struct str scenario;        /* a prepared situation; STR_NONE: none */
    struct str listen_control;  /* the control path on a port of its own; STR_NONE: not so */
    struct str control_token;   /* STR_NONE: a random one */
    struct str tls_certificate; /* PEM files; STR_NONE: plain HTTP */
    struct str tls_key;
    const char *replay;  /* folder of recorded bodies that are served instead; NULL: none */
    const char *journal; /* file that gets a line per request; NULL: none */
    struct clock *clock;
};

struct sim;

enum status sim_start(const struct sim_settings *settings, struct sim **ret_sim, struct error *err);
void sim_stop(struct sim *sim); /* NULL is fine */

/* Where it listens: "http://127.0.0.1:8080/stellr", without trailing slash. STR_NONE when the
 * marketplace is not served. Lives as long as the simulator. */
struct str sim_address(const struct sim *sim, enum marketplace at);

struct str sim_control_url(const struct sim *sim); /* STR_NONE: no control path */

/* What a client needs, as JSON:
 * {"stellr":{"base_url","token_url","client_id","client_secret"},
 *  "ion":{"base_url","account_id","refresh_token","api_key","api_secret"},
 *  "control":{"url","token"}} */
void sim_credentials(const struct sim *sim, struct buf *to);

/* The PSA's export of what this world's MSP bills: CSV, with its mistakes. */
void sim_bill(const struct sim *sim, struct buf *to);

int64_t sim_requests(const struct sim *sim); /* answered so far */
