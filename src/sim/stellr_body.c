/* Reading the bodies of Stellr's requests. All of them are GUESS (stellr 5); refusals are A-24. */
#include "sim/stellr_inside.h"

#include <stdarg.h>

void body_refuse(struct body *b, int status, const char *code, const char *format, ...)
{
    char text[400];
    va_list arguments;
    if (b->is_refused)
        return;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    stellr_error(b->ask, status, code, text);
    b->is_refused = true;
}

struct body body_read(struct ask *ask)
{
    struct body b = { .ask = ask };
    struct error ignored;
    if (str_trim(ask->x->body).len == 0) /* as good as {} */
        return b;
    if (json_parse(ask->x->a, ask->x->body, &b.json, &ignored) != ST_OK ||
        json_kind(b.json) != JSON_OBJECT)
        body_refuse(&b, 400, "INVALID_PARAMETER", "The body is not a JSON object.");
    return b;
}

struct body body_of(struct body *whole, const struct json *element)
{
    struct body b = { .ask = whole->ask, .json = element };
    if (json_kind(element) != JSON_OBJECT)
        body_refuse(&b, 400, "INVALID_PARAMETER", "An element of a list is not a JSON object.");
    return b;
}

bool body_has(const struct body *b, const char *path)
{
    return json_get_at(b->json, path) != NULL;
}

/* The value, when it is there and nothing is wrong yet. */
static const struct json *value_at(struct body *b, const char *path, enum need need)
{
    if (b->is_refused)
        return NULL;
    const struct json *value = json_get_at(b->json, path);
    if (json_kind(value) == JSON_NULL && need == REQUIRED)
        body_refuse(b, 400, "MISSING_PARAMETER", "%s is missing.", path);
    return json_kind(value) == JSON_NULL ? NULL : value;
}

struct str body_text(struct body *b, const char *path, enum need need)
{
    const struct json *value = value_at(b, path, need);
    if (value == NULL)
        return STR_NONE;
    if (json_kind(value) != JSON_TEXT)
        body_refuse(b, 400, "INVALID_PARAMETER", "%s must be a text.", path);
    else if (need == REQUIRED && str_trim(json_text(value)).len == 0)
        body_refuse(b, 400, "MISSING_PARAMETER", "%s is blank.", path);
    return json_text(value);
}

int64_t body_whole(struct body *b, const char *path, enum need need)
{
    const struct json *value = value_at(b, path, need);
    int64_t number = 0;
    if (value != NULL && !json_integer(value, &number))
        body_refuse(b, 400, "INVALID_PARAMETER", "%s must be a whole number.", path);
    return number;
}

int64_t body_id(struct body *b, const char *path, enum need need)
{
    const struct json *value = value_at(b, path, need);
    int64_t number = 0;
    if (value != NULL && !json_integer(value, &number) && !str_integer(json_text(value), &number))
        body_refuse(b, 400, "INVALID_PARAMETER", "%s must be a number.", path);
    return number;
}

bool body_flag(struct body *b, const char *path)
{
    const struct json *value = value_at(b, path, OPTIONAL);
    bool flag = false;
    if (value != NULL && !json_boolean(value, &flag))
        body_refuse(b, 400, "INVALID_PARAMETER", "%s must be true or false.", path);
    return flag;
}

#define SEATS_MOST 1000000

int64_t body_seats(struct body *b, const char *path, enum need need)
{
    int64_t seats = body_whole(b, path, need);
    bool is_given = !b->is_refused && body_has(b, path);
    if (is_given && (seats < 1 || seats > SEATS_MOST))
        body_refuse(b, 400, "INVALID_PARAMETER",
                    "%s must be a whole number greater than zero, and not more than %d.", path,
                    SEATS_MOST);
    return seats;
}
