/* Credentials and tokens. */
#include "sim/inside.h"

#include "base/os.h"
#include "sim/chance.h"

#define ACCESS_KEPT 8192
#define SECOND_MS   INT64_C(1000)
#define GENERATIONS 0x10000 /* of one refresh token's successors */

struct access {
    char text[TOKEN_BYTES];
    enum marketplace at;
    int64_t credential, expires_ms;
};

struct tokens {
    uint64_t seed;
    char first_refresh[TOKEN_BYTES];
    struct credential credentials[CREDENTIALS_MAX];
    size_t n;
    int64_t n_refresh, n_access;
    struct access access[ACCESS_KEPT];
};

const char *const credential_kinds[] = { "client", "refresh-token", "api-key" };

static void print_token(uint64_t seed, const char *kind, int64_t number, char *at)
{
    uint64_t high = chance(seed, 501, (uint64_t)number, (uint64_t)kind[0]);
    uint64_t low = chance(seed, 502, (uint64_t)number, (uint64_t)kind[0]);
    (void)snprintf(at, TOKEN_BYTES, "%s%016llX%016llX%06llX", kind, (unsigned long long)high,
                   (unsigned long long)low, (unsigned long long)number);
}

static void set_text(char at[TOKEN_BYTES], const char *text)
{
    (void)snprintf(at, TOKEN_BYTES, "%s", text);
}

/* Refresh tokens are numbered through all families; a family is a credential. */
static void print_refresh(const struct tokens *t, int64_t family, int64_t generation,
                          char at[TOKEN_BYTES])
{
    print_token(t->seed, "R", family * GENERATIONS + generation, at);
}

static int64_t family_of(const struct tokens *t, size_t i)
{
    int64_t family = 0;
    for (size_t k = 0; k < i; k++)
        family += t->credentials[k].kind == CREDENTIAL_REFRESH;
    return family;
}

/* The first of a kind have known names, so that a page of a manual can show them. */
static void name_credential(struct tokens *t, struct credential *c)
{
    static const char *const first[][2] = { { SIM_CLIENT_ID, SIM_CLIENT_SECRET },
                                            { "", "" },
                                            { SIM_API_KEY, SIM_API_SECRET } };
    int64_t n = 1;
    for (size_t i = 0; i < t->n; i++)
        n += t->credentials[i].kind == c->kind;
    if (c->kind == CREDENTIAL_REFRESH) {
        c->generation = 1;
        print_refresh(t, n - 1, 1, c->id);
    } else if (n == 1) {
        set_text(c->id, first[c->kind][0]);
        set_text(c->secret, first[c->kind][1]);
    } else {
        (void)snprintf(c->id, TOKEN_BYTES, "%s-%lld", first[c->kind][0], (long long)n);
        print_token(t->seed, c->kind == CREDENTIAL_CLIENT ? "C" : "K", n, c->secret);
    }
}

static int64_t expiry_of_refresh(struct sim *sim)
{
    return sim_now(sim) + sim_knob_integer(sim, KNOB_refresh_ttl_s) * SECOND_MS;
}

const struct credential *credential_make(struct sim *sim, enum credential_kind kind)
{
    struct tokens *t = sim->tokens;
    if (t->n == CREDENTIALS_MAX)
        return NULL;
    struct credential *c = &t->credentials[t->n];
    *c = (struct credential){ .kind = kind };
    name_credential(t, c);
    c->refresh_expires_ms = expiry_of_refresh(sim);
    credential_sleep(sim, t->n++, sim_knob_integer(sim, KNOB_credential_delay_s));
    return c;
}

void credential_sleep(struct sim *sim, size_t i, int64_t delay_s)
{
    sim->tokens->credentials[i].works_from_ms =
        delay_s == 0 ? INT64_MIN : sim_now(sim) + delay_s * SECOND_MS;
}

void credential_keep_fresh(struct sim *sim, size_t i)
{
    sim->tokens->credentials[i].refresh_expires_ms = expiry_of_refresh(sim);
}

struct tokens *tokens_new(struct sim *sim)
{
    struct tokens *t = sim->tokens = memory_new(sizeof *t);
    t->seed = sim->world.seed;
    for (enum credential_kind kind = 0; kind < CREDENTIAL_KINDS; kind++)
        (void)credential_make(sim, kind);
    print_refresh(t, 0, 1, t->first_refresh);
    return t;
}

void tokens_free(struct tokens *t)
{
    memory_free(t);
}

size_t credentials_count(const struct tokens *t)
{
    return t->n;
}

const struct credential *credential_at(const struct tokens *t, size_t i)
{
    return &t->credentials[i];
}

struct str tokens_first_refresh(const struct tokens *t)
{
    return str_of(t->first_refresh);
}

void credential_revoke(struct sim *sim, size_t i)
{
    int64_t delay_s = sim_knob_integer(sim, KNOB_revoke_delay_s);
    sim->tokens->credentials[i].works_until_ms = sim_now(sim) + delay_s * SECOND_MS;
}

void credential_expire(struct sim *sim, size_t i)
{
    for (size_t k = 0; k < ACCESS_KEPT; k++)
        if (sim->tokens->access[k].credential == (int64_t)i)
            sim->tokens->access[k].expires_ms = INT64_MIN / 2;
}

static void next_generation(struct sim *sim, size_t i)
{
    struct tokens *t = sim->tokens;
    struct credential *c = &t->credentials[i];
    print_refresh(t, family_of(t, i), ++c->generation, c->id);
    c->refresh_expires_ms = expiry_of_refresh(sim);
}

void credential_lose(struct sim *sim, size_t i)
{
    if (sim->tokens->credentials[i].kind == CREDENTIAL_REFRESH)
        next_generation(sim, i);
}

bool credential_works(struct sim *sim, size_t i)
{
    const struct credential *c = &sim->tokens->credentials[i];
    int64_t now = sim_now(sim);
    return now >= c->works_from_ms && (c->works_until_ms == 0 || now < c->works_until_ms);
}

int64_t credential_find(struct sim *sim, enum credential_kind kind, struct str id,
                        struct str secret)
{
    const struct tokens *t = sim->tokens;
    for (size_t i = 0; i < t->n; i++) {
        const struct credential *c = &t->credentials[i];
        if (c->kind == kind && str_is(id, c->id) && str_is(secret, c->secret) &&
            credential_works(sim, i))
            return (int64_t)i;
    }
    return -1;
}

/* Stellr's look like a JWT, Ion's are opaque. */
const char *token_give(struct sim *sim, enum marketplace at, int64_t credential)
{
    struct tokens *t = sim->tokens;
    struct access *a = &t->access[t->n_access % ACCESS_KEPT];
    print_token(t->seed, at == AT_STELLR ? "eyJhbGciOiJSUzI1NiJ9.c2lt." : "A", t->n_access,
                a->text);
    a->at = at;
    a->credential = credential;
    a->expires_ms = sim_now(sim) + sim_knob_integer(sim, KNOB_token_ttl_s) * SECOND_MS;
    t->n_access++;
    return a->text;
}

int64_t token_life_s(struct sim *sim, enum marketplace at, struct str text, int64_t *ret_credential)
{
    struct tokens *t = sim->tokens;
    for (int64_t i = 0; i < ACCESS_KEPT && i < t->n_access; i++) {
        const struct access *a = &t->access[(t->n_access - 1 - i) % ACCESS_KEPT];
        if (a->at != at || !str_is(text, a->text))
            continue;
        *ret_credential = a->credential;
        return credential_works(sim, (size_t)a->credential)
                   ? (a->expires_ms - sim_now(sim) + SECOND_MS - 1) / SECOND_MS
                   : 0;
    }
    return 0;
}

/* The number of a refresh token of ours; 0 when it is none. */
static int64_t refresh_number(const struct tokens *t, struct str text)
{
    char same[TOKEN_BYTES];
    if (text.len < 8)
        return 0;
    int64_t number = 0;
    for (size_t i = text.len - 6; i < text.len; i++) {
        char c = text.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return 0;
        number = number * 16 + digit;
    }
    print_token(t->seed, "R", number, same);
    return str_is(text, same) ? number : 0;
}

/* A token of a later generation than the one awaited was given out before a restart: it is good. */
int64_t token_rotate(struct sim *sim, struct str text, char refresh[TOKEN_BYTES])
{
    struct tokens *t = sim->tokens;
    int64_t number = refresh_number(t, text);
    for (size_t i = 0; number > 0 && i < t->n; i++) {
        struct credential *c = &t->credentials[i];
        if (c->kind != CREDENTIAL_REFRESH || family_of(t, i) != number / GENERATIONS)
            continue;
        if (number % GENERATIONS < c->generation && sim_knob_flag(sim, KNOB_reuse_revokes))
            c->works_until_ms = sim_now(sim);
        if (number % GENERATIONS < c->generation || !credential_works(sim, i) ||
            sim_now(sim) >= c->refresh_expires_ms)
            return -1;
        c->generation = number % GENERATIONS;
        next_generation(sim, i);
        set_text(refresh, c->id);
        if (sim_knob_flag(sim, KNOB_refresh_ends_access))
            credential_expire(sim, i);
        return (int64_t)i;
    }
    return -1;
}
