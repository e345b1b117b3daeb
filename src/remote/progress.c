/* The words of operations and orders, as rows. */
#include "remote/progress.h"

#include "base/attributes.h"

/* Stellr: section 7 (A-18, A-59 GUESS); Ion: 3.5 SPEC, of which ON_HOLD is REAL. */
static const struct {
    const char *word;
    enum progress progress;
} words[] = {
    { "pending", PROGRESS_WAITING },     { "queued", PROGRESS_WAITING },
    { "submitted", PROGRESS_WAITING },   { "accepted", PROGRESS_WAITING },
    { "new", PROGRESS_WAITING },         { "confirmed", PROGRESS_WAITING },
    { "on_hold", PROGRESS_WAITING },     { "processing", PROGRESS_RUNNING },
    { "in progress", PROGRESS_RUNNING }, { "inprogress", PROGRESS_RUNNING },
    { "in_progress", PROGRESS_RUNNING }, { "running", PROGRESS_RUNNING },
    { "success", PROGRESS_DONE },        { "succeeded", PROGRESS_DONE },
    { "completed", PROGRESS_DONE },      { "complete", PROGRESS_DONE },
    { "done", PROGRESS_DONE },           { "failed", PROGRESS_FAILED },
    { "error", PROGRESS_FAILED },        { "rejected", PROGRESS_FAILED },
    { "cancelled", PROGRESS_FAILED },    { "canceled", PROGRESS_FAILED },
    { "partial", PROGRESS_PARTIAL },     { "partially completed", PROGRESS_PARTIAL },
};

const char *progress_name(enum progress progress)
{
    static const char *const names[] = { "waiting", "running", "done", "failed", "partial" };
    return names[progress];
}

enum progress progress_of(struct str word, bool *ret_known)
{
    *ret_known = true;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_equal_nocase(str_trim(word), str_of(words[i].word)))
            return words[i].progress;
    *ret_known = false;
    return PROGRESS_WAITING;
}

struct str first_text(const struct json *document, const char *paths)
{
    struct str rest = str_of(paths), path;
    char name[96];
    while (paths != NULL && str_next(&rest, '|', &path)) {
        if (path.len >= sizeof name)
            continue;
        memcpy(name, path.at, path.len);
        name[path.len] = '\0';
        const struct json *value = json_get_at(document, name);
        struct str text =
            json_kind(value) == JSON_TEXT ? json_text(value) : json_number_text(value);
        if (text.len > 0)
            return text;
    }
    return STR_NONE;
}

struct str last_segment(struct str name)
{
    const char *slash = name.len == 0 ? NULL : memrchr(name.at, '/', name.len);
    return slash == NULL ? name : str_from(name, (size_t)(slash - name.at) + 1);
}
