/* logfmt. */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/moment.h"

#include <stdatomic.h>

#define LINE_BYTES 4096

static const struct log_event_row rows[] = {
#define X(id, name, level, sentence) { name, level, sentence },
    LOG_EVENT_ROWS(X)
#undef X
};

static const char *const level_names[] = { "debug", "info", "warning", "error", "nothing" };

static atomic_int least = LOG_NOTHING;

const struct log_event_row *log_event_row(enum log_event event)
{
    return &rows[event];
}

void log_set_level(enum log_level level)
{
    atomic_store(&least, (int)level);
}

bool log_level_of(struct str name, enum log_level *ret_level)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++)
        if (str_is(name, level_names[i])) {
            *ret_level = (enum log_level)i;
            return true;
        }
    return false;
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] <= ' ' || (unsigned char)text.at[i] >= 0x7f ||
            text.at[i] == '"' || text.at[i] == '=')
            return false;
    return text.len > 0;
}

void log_fields(enum log_event event, const struct log_field *fields, size_t n_fields)
{
    const struct log_event_row *row = &rows[event];
    if ((int)row->level < atomic_load(&least))
        return;
    SCOPED(buf_release) struct buf line = BUF(LINE_BYTES);
    buf_add_text(&line, "time=");
    moment_print(&line, clock_real()->now_ms(clock_real()));
    buf_printf(&line, " level=%s event=%s", level_names[row->level], row->name);
    for (size_t i = 0; i < n_fields; i++) {
        const struct log_field *f = &fields[i];
        buf_printf(&line, " %s=", f->name);
        if (f->kind == LOG_INTEGER)
            buf_printf(&line, "%lld", (long long)f->integer);
        else if (is_plain(f->text))
            buf_add(&line, f->text);
        else
            json_quote(&line, f->text);
    }
    buf_add_char(&line, '\n');
    if (fwrite(line.at, 1, line.len, stderr) != line.len)
        return; /* nobody listens: a log is never a reason to fail */
}
