/* Where a caller comes in: the guard, errors, and what needs no client. */
#include "library/inside.h"

#include "base/give_up.h"
#include "remote/describe.h"

_Static_assert(sizeof((struct stellion_error *)NULL)->text == LIMIT_ERROR_TEXT_BYTES &&
                   sizeof((struct stellion_error *)NULL)->hint == LIMIT_ERROR_HINT_BYTES,
               "an error fits into the caller's");

static void run_entry(void *context)
{
    struct entry *entry = context;
    entry->status = entry->run(entry, &entry->err);
}

/* The command line's advice is of no use to somebody who has no store. */
static void advise(const struct entry *entry, struct error *err)
{
    bool has_keeper = entry->client != NULL && entry->client->keeper != NULL;
    if (has_keeper && (err->code == ST_TOKEN_LOST || err->code == ST_CREDENTIALS))
        hint(err, "A refresh token works once. Create a new one in the Ion portal (Settings > "
                  "Users > the integration user > Edit > OAuth credentials > Request New "
                  "Credentials), put it where `load` finds it, and open a new client.");
}

static void give_error(const struct error *err, struct stellion_error *ret_error)
{
    if (ret_error == NULL)
        return;
    *ret_error = (struct stellion_error){
        .code = (enum stellion_status)status_row(err->code)->exit,
        .http_status = err->http_status,
    };
    memcpy(ret_error->request_id, err->request_id, sizeof err->request_id);
    memcpy(ret_error->text, err->text, sizeof err->text);
    memcpy(ret_error->hint, err->hint, sizeof err->hint);
    memcpy(ret_error->remote_words, err->remote_words, sizeof err->remote_words);
}

enum stellion_status enter(struct entry *entry, struct stellion_error *ret_error)
{
    struct error gave_up;
    entry->n_writes = 0;
    error_clear(&entry->err);
    enum status s = give_up_guard(run_entry, entry, &gave_up);
    if (s == ST_OK) {
        s = entry->status;
    } else {
        entry->err = gave_up;
        if (entry->n_writes > 0)
            s = wrap(&entry->err, ST_UNKNOWN, "it was sent, and whether it was done is not known");
    }
    if (s == ST_OK)
        error_clear(&entry->err); /* of what was tried and went well in the end */
    entry->err.code = s;
    advise(entry, &entry->err);
    give_error(&entry->err, ret_error);
    return (enum stellion_status)status_row(s)->exit;
}

enum status take_struct(void *ret, size_t size, size_t least, const void *given, const char *what,
                        struct error *err)
{
    size_t given_size;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < least)
        return fail(err, ST_INVALID, "%s has a size of %zu bytes: start from its ..._INIT", what,
                    given_size);
    memset(ret, 0, size);
    memcpy(ret, given, given_size < size ? given_size : size);
    return ST_OK;
}

const char *stellion_version(void)
{
    return STELLION_VERSION;
}

const char *stellion_status_name(enum stellion_status status)
{
    for (int i = 0; i < STATUS_COUNT; i++)
        if (status_row((enum status)i)->exit == (int)status)
            return status_row((enum status)i)->name;
    return status_row(ST_INTERNAL)->name;
}

const char *stellion_action_name(size_t index)
{
    struct action_walk walk = { .only = NULL };
    const struct action *action = action_next(&walk);
    for (; action != NULL && index > 0; index--)
        action = action_next(&walk);
    return action != NULL ? action->name : NULL;
}

struct describe {
    struct entry entry;
    const char *action;
    struct stellion_answer *description;
};

static enum status run_describe(struct entry *entry, struct error *err)
{
    struct describe *d = (struct describe *)entry;
    const struct overrides *overrides =
        entry->client != NULL ? entry->client->client->overrides : NULL;
    const struct action *action;
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    TRY(action_require(str_of(d->action), &action, err));
    action = overrides_row(overrides, action);
    d->description = answer_new(action_json(&a, action, overrides), 0, STR(""));
    return ST_OK;
}

enum stellion_status stellion_action_describe(stellion_client *client, const char *action,
                                              stellion_answer **ret_description,
                                              struct stellion_error *error)
{
    struct describe d = { .entry = { .run = run_describe, .client = client }, .action = action };
    enum stellion_status s = enter(&d.entry, error);
    if (s == STELLION_OK)
        *ret_description = d.description;
    return s;
}

/* Answers */

struct stellion_answer *answer_new(struct str body, int http_status, struct str request_id)
{
    SCOPED(arena_free) struct arena arena = ARENA(0);
    struct stellion_answer *answer = ARENA_NEW(&arena, struct stellion_answer);
    answer->body = arena_copy(&arena, body);
    answer->http_status = http_status;
    answer->request_id = arena_text(&arena, request_id);
    answer->arena = arena;
    arena = (struct arena){ .chunks = NULL }; /* the answer's from here on */
    return answer;
}

const char *stellion_answer_body(const stellion_answer *answer)
{
    return answer->body.at;
}

size_t stellion_answer_bytes(const stellion_answer *answer)
{
    return answer->body.len;
}

int stellion_answer_http_status(const stellion_answer *answer)
{
    return answer->http_status;
}

const char *stellion_answer_request_id(const stellion_answer *answer)
{
    return answer->request_id;
}

void stellion_answer_free(stellion_answer *answer)
{
    if (answer == NULL)
        return;
    struct arena arena = answer->arena; /* the answer lies in it */
    arena_free(&arena);
}
