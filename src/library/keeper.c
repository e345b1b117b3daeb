/* The token vault over the caller's callbacks. What is kept is one text, so that a single `save`
 * carries the whole protocol of client/token.h:
 *
 *     {"stellion":1,"generation":N,"refresh_token":"...","born_at":MS,"unclear_at":MS,
 *      "access_token":"...","access_born_at":MS,"access_expires_at":MS}
 *
 * An attempt is saved before the token is sent: this proves that saving works, and after a crash
 * the next owner knows that the token may be used up. Generations are numbered by the clock, so
 * that a token that a person put there later is a later one in every process. */
#include "library/inside.h"

#include "base/json.h"
#include "base/json_write.h"
#include "base/os.h"

#define FORM 1 /* of the text that is kept */

struct token_record {
    int64_t generation; /* 0: there is none */
    const struct secret *refresh;
    int64_t born_ms;
    int64_t unclear_at_ms; /* 0: no attempt is unclear */
    struct access_token access;
    bool is_bare; /* as the portal shows it */
};

struct keeper_vault {
    struct token_vault vault;
    struct stellion_token_keeper keeper;
    struct clock *clock;
    struct arena arena; /* of the record's secrets */
    struct token_record record;
    int64_t unclear_before_ms; /* of the record, before the attempt that is under way */
    struct arena bare_arena;
    const struct secret *bare; /* the last one that was no text of ours: taken once */
    bool is_unsaved;           /* the record holds a token that `save` did not take yet */
    bool is_locked;
};

static struct keeper_vault *of(struct token_vault *vault)
{
    return (struct keeper_vault *)vault;
}

struct token_vault *keeper_vault_of(struct keeper_vault *vault)
{
    return &vault->vault;
}

static void wipe(struct buf *text)
{
    os_wipe(text->at, text->len);
    buf_release(text);
}

/* Changed in one step, after all memory for it was taken. */
static void set_record(struct keeper_vault *v, const struct token_record *record)
{
    SCOPED(arena_free) struct arena fresh = ARENA(0);
    struct token_record copy = *record;
    copy.refresh = secret_new(&fresh, secret_reveal(record->refresh));
    if (record->access.token != NULL)
        copy.access.token = secret_new(&fresh, secret_reveal(record->access.token));
    struct arena old = v->arena;
    v->arena = fresh;
    v->record = copy;
    fresh = old; /* freed here */
}

static enum status save(struct keeper_vault *v, const struct token_record *r, struct error *err)
{
    SCOPED(wipe) struct buf text = BUF(STELLION_TOKEN_BYTES - 1);
    (void)buf_room(&text, STELLION_TOKEN_BYTES - 1); /* so that it never moves */
    struct json_writer w = JSON_WRITER(&text);
    json_open_object(&w);
    json_put_integer(&w, "stellion", FORM);
    json_put_integer(&w, "generation", r->generation);
    json_put_text(&w, "refresh_token", secret_reveal(r->refresh));
    json_put_integer(&w, "born_at", r->born_ms);
    if (r->unclear_at_ms != 0)
        json_put_integer(&w, "unclear_at", r->unclear_at_ms);
    if (r->access.token != NULL) {
        json_put_text(&w, "access_token", secret_reveal(r->access.token));
        json_put_integer(&w, "access_born_at", r->access.born_ms);
        json_put_integer(&w, "access_expires_at", r->access.expires_ms);
    }
    json_close(&w);
    TRY(buf_status(&text, "the token", err));
    int answer = v->keeper.save(v->keeper.context, text.at);
    if (answer == 0)
        return ST_OK;
    return fail(err, ST_STORE, "the save callback did not keep the token (it returned %d)", answer);
}

enum status keeper_vault_settle(struct keeper_vault *v, struct error *err)
{
    if (!v->is_unsaved)
        return ST_OK;
    enum status s = save(v, &v->record, err);
    v->is_unsaved = s != ST_OK;
    if (s == ST_OK)
        return ST_OK;
    wrap(err, s, "a new refresh token is still not saved");
    hint(err, "This client holds it. Mend what the callback saves to, then make any call: it is "
              "saved first. Closing the client without that loses the token.");
    return s;
}

/* What `load` gave, ours or a bare token; *ret_found is false when there is nothing new in it. */
static enum status read_text(struct keeper_vault *v, struct arena *a, struct str text,
                             struct token_record *ret_record, bool *ret_found, struct error *err)
{
    const struct json *document;
    int64_t form = 0;
    *ret_found = text.len > 0;
    *ret_record = (struct token_record){ .generation = v->clock->now_ms(v->clock) };
    if (text.len == 0)
        return ST_OK;
    if (text.at[0] != '{') {
        ret_record->refresh = secret_new(a, text);
        ret_record->born_ms = ret_record->generation;
        ret_record->is_bare = true;
        *ret_found = !secret_equal(ret_record->refresh, v->bare);
        return ST_OK;
    }
    enum status s = json_parse(a, text, &document, err);
    if (s != ST_OK)
        return wrap(err, ST_STORE, "what the load callback gave is damaged");
    struct str refresh = json_text(json_get(document, "refresh_token"));
    struct str access = json_text(json_get(document, "access_token"));
    if (!json_integer(json_get(document, "stellion"), &form) || form != FORM || refresh.len == 0 ||
        !json_integer(json_get(document, "generation"), &ret_record->generation) ||
        !json_integer(json_get(document, "born_at"), &ret_record->born_ms))
        return fail(err, form > FORM ? ST_VERSION : ST_STORE,
                    "what the load callback gave is no text that this version saved");
    ret_record->refresh = secret_new(a, refresh);
    (void)json_integer(json_get(document, "unclear_at"), &ret_record->unclear_at_ms);
    if (access.len > 0 &&
        json_integer(json_get(document, "access_born_at"), &ret_record->access.born_ms) &&
        json_integer(json_get(document, "access_expires_at"), &ret_record->access.expires_ms))
        ret_record->access.token = secret_new(a, access);
    *ret_found = ret_record->generation >= v->record.generation;
    return ST_OK;
}

/* Takes what is kept, unless what we hold is newer; first of all saves what is not saved. */
static enum status reload(struct keeper_vault *v, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(wipe) struct buf text = BUF(STELLION_TOKEN_BYTES);
    struct token_record loaded;
    bool found;
    TRY(keeper_vault_settle(v, err));
    if (v->keeper.load == NULL)
        return ST_OK;
    char *at = buf_room(&text, STELLION_TOKEN_BYTES);
    memset(at, 0, STELLION_TOKEN_BYTES);
    text.len = STELLION_TOKEN_BYTES; /* all of it is wiped */
    int answer = v->keeper.load(v->keeper.context, at, STELLION_TOKEN_BYTES);
    if (answer != 0)
        return fail(err, ST_STORE, "the load callback failed (it returned %d)", answer);
    size_t len = strnlen(at, STELLION_TOKEN_BYTES);
    TRY(read_text(v, &a, str_trim((struct str){ at, len }), &loaded, &found, err));
    if (!found)
        return ST_OK;
    if (loaded.is_bare)
        v->bare = secret_new(&v->bare_arena, secret_reveal(loaded.refresh));
    set_record(v, &loaded);
    return ST_OK;
}

static enum status load_access(struct token_vault *self, struct arena *a,
                               struct access_token *ret_access, struct error *err)
{
    struct keeper_vault *v = of(self);
    TRY(reload(v, err));
    *ret_access = v->record.access;
    if (ret_access->token == NULL)
        return fail(err, ST_NOT_FOUND, "no access token is kept");
    ret_access->token = secret_new(a, secret_reveal(ret_access->token));
    return ST_OK;
}

/* Comes with `keep` only: no access token is got without a refresh. */
static enum status save_access(struct token_vault *self, const struct access_token *access,
                               struct error *err)
{
    struct keeper_vault *v = of(self);
    struct token_record record = v->record;
    record.access = *access;
    set_record(v, &record);
    return save(v, &v->record, err);
}

static enum status lease(struct token_vault *self, int64_t ttl_ms, int64_t *ret_until_ms,
                         struct error *err)
{
    struct keeper_vault *v = of(self);
    (void)ttl_ms, (void)ret_until_ms; /* the callback waits by itself */
    int answer = v->keeper.lock != NULL ? v->keeper.lock(v->keeper.context) : 0;
    if (answer != 0)
        return fail(err, ST_STORE, "the lock callback failed (it returned %d)", answer);
    v->is_locked = true;
    return ST_OK;
}

static void release(struct token_vault *self)
{
    struct keeper_vault *v = of(self);
    if (v->is_locked && v->keeper.unlock != NULL)
        v->keeper.unlock(v->keeper.context);
    v->is_locked = false;
}

static enum status load_refresh(struct token_vault *self, struct arena *a,
                                struct refresh_state *ret_state, struct error *err)
{
    struct keeper_vault *v = of(self);
    TRY(reload(v, err));
    const struct token_record *r = &v->record;
    if (r->generation == 0)
        return fail(err, ST_CREDENTIALS,
                    "there is no refresh token, neither in `refresh_token` "
                    "nor in what the load callback gave");
    *ret_state = (struct refresh_state){
        .generation = r->generation,
        .token = secret_new(a, secret_reveal(r->refresh)),
        .born_ms = r->born_ms,
        .is_unclear = r->unclear_at_ms != 0,
        .unclear_at_ms = r->unclear_at_ms,
    };
    return ST_OK;
}

static enum status begin_attempt(struct token_vault *self, int64_t generation, int64_t *ret_attempt,
                                 struct error *err)
{
    struct keeper_vault *v = of(self);
    if (generation != v->record.generation)
        return fail(err, ST_CONFLICT, "there is a newer refresh token");
    struct token_record attempt = v->record;
    *ret_attempt = attempt.unclear_at_ms = v->clock->now_ms(v->clock);
    enum status s = save(v, &attempt, err);
    if (s == ST_OK) {
        v->unclear_before_ms = v->record.unclear_at_ms;
        v->record = attempt;
        return ST_OK;
    }
    wrap(err, s, "the token was not sent, since what comes for it could not be saved");
    hint(err, "Mend what the callback saves to; the token is as good as before.");
    return s;
}

static enum status end_attempt(struct token_vault *self, int64_t attempt,
                               enum attempt_outcome outcome, struct error *err)
{
    struct keeper_vault *v = of(self);
    (void)attempt;
    if (outcome == ATTEMPT_UNKNOWN || outcome == ATTEMPT_FAILED)
        return ST_OK; /* saved already as unclear */
    v->record.unclear_at_ms = v->unclear_before_ms;
    return save(v, &v->record, err);
}

static enum status keep(struct token_vault *self, const struct kept_tokens *tokens,
                        struct error *err)
{
    struct keeper_vault *v = of(self);
    int64_t now = v->clock->now_ms(v->clock);
    struct token_record record = {
        .generation = now > tokens->generation ? now : tokens->generation + 1,
        .refresh = tokens->refresh,
        .born_ms = now,
        .access = tokens->access,
    };
    set_record(v, &record);
    v->is_unsaved = true;
    return keeper_vault_settle(v, err);
}

static void close_vault(void *vault)
{
    struct keeper_vault *v = vault;
    arena_free(&v->arena);
    arena_free(&v->bare_arena);
}

enum status keeper_vault_open(struct arena *a, const struct stellion_token_keeper *keeper,
                              struct str first_token, struct clock *clock,
                              struct keeper_vault **ret_vault, struct error *err)
{
    struct keeper_vault *v = ARENA_NEW(a, struct keeper_vault);
    TRY(take_struct(&v->keeper, sizeof v->keeper, sizeof v->keeper, keeper, "stellion_token_keeper",
                    err));
    if (v->keeper.save == NULL)
        return fail(err, ST_INVALID,
                    "the token keeper needs `save`: refresh tokens work once, and "
                    "whoever cannot keep the next one is locked out");
    if (v->keeper.load == NULL && first_token.len == 0)
        return fail(err, ST_INVALID, "there is no refresh token: give `refresh_token`, or `load`");
    if ((v->keeper.lock == NULL) != (v->keeper.unlock == NULL))
        return fail(err, ST_INVALID, "`lock` and `unlock` come together");
    v->vault = (struct token_vault){ load_access,   save_access, lease, release, load_refresh,
                                     begin_attempt, end_attempt, keep,  NULL };
    v->clock = clock;
    arena_defer(a, close_vault, v);
    if (first_token.len > 0) {
        v->bare = secret_new(&v->bare_arena, str_trim(first_token));
        struct token_record record = {
            .generation = 1, /* older than all that was saved */
            .refresh = v->bare,
            .born_ms = clock->now_ms(clock),
        };
        set_record(v, &record);
    }
    *ret_vault = v;
    return ST_OK;
}
