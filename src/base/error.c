/* Errors as sentences. Nothing here allocates, so it works when nothing else does. */
#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>

#undef fail
#undef wrap

PRINTF_LIKE(3, 0)
static void format_text(char *at, size_t size, const char *format, va_list arguments)
{
    int written = vsnprintf(at, size, format, arguments);
    if (written < 0)
        at[0] = '\0';
    else if ((size_t)written >= size)
        utf8_cut_tail(at);
    utf8_make_printable(at, ""); /* what a remote or a file said may be quoted in it */
}

enum status fail(struct error *err, enum status code, const char *format, ...)
{
    error_clear(err);
    err->code = code;
    va_list arguments;
    va_start(arguments, format);
    format_text(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    return code;
}

enum status wrap(struct error *err, enum status code, const char *format, ...)
{
    char inner[LIMIT_ERROR_TEXT_BYTES];
    memcpy(inner, err->text, sizeof inner);
    va_list arguments;
    va_start(arguments, format);
    format_text(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    size_t used = strlen(err->text);
    int written = snprintf(err->text + used, sizeof err->text - used, ": %s", inner);
    if (written >= 0 && (size_t)written >= sizeof err->text - used)
        utf8_cut_tail(err->text);
    err->code = code;
    return code;
}

void hint(struct error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_text(err->hint, sizeof err->hint, format, arguments);
    va_end(arguments);
}

void error_clear(struct error *err)
{
    err->code = ST_OK;
    err->http_status = 0;
    err->request_id[0] = '\0';
    err->remote_words[0] = '\0';
    err->text[0] = '\0';
    err->hint[0] = '\0';
}
