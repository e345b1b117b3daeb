/* This machine, the store, and what is built in. */
#include "hub/doctor_inside.h"

#include "base/os.h"

#define LITTLE_ROOM_BYTES (INT64_C(512) << 20)

static void look_at_mode(struct doctor *d, const char *id, const char *path, unsigned most,
                         const char *good, const char *bad)
{
    unsigned mode = 0;
    bool is_ours = false;
    bool is_there = os_file_mode(path, &mode, &is_ours);
    bool is_good = is_there && is_ours && (mode & ~most) == 0;
    struct remark *f =
        add_remark(d, PART_MACHINE, id, is_good ? VERDICT_GOOD : VERDICT_BAD, is_good ? good : bad);
    f->how = "owner and mode";
    f->evidence = is_there ? arena_printf(d->a, "mode %04o%s", mode, is_ours ? "" : ", not ours")
                           : "it is not there";
    f->detail = path;
    if (!is_good)
        f->advice = arena_printf(d->a, "chown it to this user, then: chmod %o %s", most, path);
}

static void look_at_room(struct doctor *d)
{
    int64_t bytes = os_free_bytes(d->hub->store->directory);
    bool is_little = bytes >= 0 && bytes < LITTLE_ROOM_BYTES;
    struct remark *f = add_remark(d, PART_MACHINE, "disk",
                                  bytes < 0   ? VERDICT_UNTOLD
                                  : is_little ? VERDICT_BAD
                                              : VERDICT_GOOD,
                                  is_little ? "The disk of the store has little room left."
                                            : "The disk of the store has room.");
    f->evidence = arena_printf(d->a, "%lld MiB free", (long long)(bytes >> 20));
    if (is_little)
        f->advice =
            "A full disk stops syncs, and a rotated token must always find room. Make some.";
}

/* Names alone: an address may hold a password. */
static void look_at_proxies(struct doctor *d)
{
    static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
                                         "ALL_PROXY",   "no_proxy",    "NO_PROXY" };
    SCOPED(buf_release) struct buf set = BUF(200);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (os_environment(names[i]) != NULL)
            buf_printf(&set, "%s%s", set.len > 0 ? ", " : "", names[i]);
    struct remark *f = add_remark(d, PART_MACHINE, "proxy", VERDICT_NOTE,
                                  set.len > 0 ? "Requests may go through a proxy."
                                              : "No proxy is set in the environment.");
    f->evidence = arena_text(d->a, buf_str(&set));
}

void examine_machine(struct doctor *d)
{
    const char *directory = d->hub->store->directory;
    look_at_mode(d, "data-directory", directory, 0700, "The data directory is closed to others.",
                 "Others may look into the data directory.");
    look_at_mode(d, "key", arena_printf(d->a, "%s/key", directory), 0600,
                 "The key is closed to others, and is the one that sealed this store.",
                 "Others may read the key that seals the secrets.");
    look_at_room(d);
    look_at_proxies(d);
}

static void tell_overrides(struct doctor *d)
{
    size_t n;
    const struct override_fact *facts = overrides_facts(d->hub->overrides, &n);
    struct remark *f = add_remark(d, PART_ROWS, "overrides", n > 0 ? VERDICT_NOTE : VERDICT_GOOD,
                                  n > 0 ? "Rows are corrected by " OVERRIDES_FILE "."
                                        : "No row is corrected: there is no " OVERRIDES_FILE ".");
    if (n > 0)
        f->evidence = arena_printf(d->a, "%zu corrections", n);
    for (size_t i = 0; i < n; i++) {
        f = add_remark(d, PART_ROWS, "override", VERDICT_NOTE,
                       arena_printf(d->a, "%s, %s", facts[i].subject, facts[i].member));
        f->evidence = arena_printf(d->a, "%s (built in: %s)", facts[i].is, facts[i].was);
    }
}

static void count_trust(struct doctor *d, const struct connector *connector)
{
    int counts[TRUST_GUESS + 1] = { 0 };
    SCOPED(buf_release) struct buf text = BUF(400);
    struct action_walk walk = { .only = connector };
    int n = 0;
    for (const struct action *x; (x = action_next(&walk)) != NULL; n++)
        counts[x->trust]++;
    for (enum trust trust = 0; trust <= TRUST_GUESS; trust++)
        if (counts[trust] > 0)
            buf_printf(&text, "%s%d %s", text.len > 0 ? ", " : "", counts[trust],
                       trust_name(trust));
    struct remark *f = add_remark(
        d, PART_ROWS, arena_printf(d->a, "%s-trust", connector->name), VERDICT_NOTE,
        arena_printf(d->a, "How well the %d actions of %s are known.", n, connector->name));
    f->evidence = arena_text(d->a, buf_str(&text));
}

/* What nobody public has shown, each by its name: nothing is guessed silently. */
static void tell_guesses(struct doctor *d, const struct connector *connector)
{
    struct action_walk walk = { .only = connector };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        if (x->trust != TRUST_GUESS)
            continue;
        struct remark *f = add_remark(d, PART_ROWS, "guess", VERDICT_NOTE,
                                      arena_printf(d->a, "%s rests on a guess.", x->name));
        f->evidence = x->source;
        f->guess_of = connector->name;
        f->snippet = arena_printf(d->a, "{\"actions\": {\"%s\": {}}}", x->name);
    }
    const struct entity *entities[] = { &connector->accounts, &connector->subscriptions };
    for (size_t i = 0; i < ARRAY_LEN(entities); i++)
        for (const struct field *row = entities[i]->fields; row->keys != NULL; row++) {
            if (row->trust != TRUST_GUESS)
                continue;
            struct remark *f = add_remark(
                d, PART_ROWS, "guess", VERDICT_NOTE,
                arena_printf(d->a, "The field %s of the %s of %s rests on a guess.", row->keys,
                             i == 0 ? "customers" : "subscriptions", connector->name));
            f->evidence = row->source;
            f->guess_of = connector->name;
        }
}

void examine_rows(struct doctor *d)
{
    tell_overrides(d);
    for (size_t i = 0; connectors()[i] != NULL; i++)
        count_trust(d, connectors()[i]);
    for (size_t i = 0; connectors()[i] != NULL; i++)
        tell_guesses(d, connectors()[i]);
}
