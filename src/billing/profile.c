/* Profiles: usual header names as rows, encodings. */
#include "billing/profile.h"

#include "base/utf8.h"

static const struct {
    const char *role;
    bool is_needed;
    const char *headers; /* compared without case and surrounding blanks */
} roles[ROLES] = {
    [ROLE_ACCOUNT] = { "account", true,
                       "company|company name|customer|customer name|client|client name|account|"
                       "account name|organisation|organization" },
    [ROLE_PRODUCT] = { "product", true,
                       "product|product name|service|service name|item|item name|description" },
    [ROLE_PART] = { "part", false,
                    "part number|part no|part|product id|sku|mfg part number|"
                    "manufacturer part number|item code" },
    [ROLE_QUANTITY] = { "quantity", true, "quantity|qty|seats|units|licenses|licences|count" },
    [ROLE_PRICE] = { "price", false, "unit price|price|rate|sell price|unit rate" },
    [ROLE_CURRENCY] = { "currency", false, "currency|currency code" },
    [ROLE_PERIOD] = { "period", false,
                      "billing period|period|billing cycle|billing frequency|frequency" },
};

const char *role_name(enum bill_role role)
{
    return roles[role].role;
}

/* The header row as UTF-8; a cell of another encoding stays as it is. */
struct headers {
    struct arena arena;
    struct str *at;
    size_t n;
};

static void headers_release(struct headers *headers)
{
    arena_free(&headers->arena);
}

static struct headers read_headers(const struct bill_profile *profile, const struct csv_reader *row)
{
    struct headers h = { .n = row->n_cells };
    struct error ignored;
    h.at = ARENA_ARRAY(&h.arena, h.n, struct str);
    for (size_t i = 0; i < h.n; i++)
        if (profile_cell(profile, &h.arena, csv_cell(row, i), &h.at[i], &ignored) != ST_OK)
            h.at[i] = str_trim(csv_cell(row, i));
    return h;
}

#define NO_COLUMN   (-1)
#define TWO_COLUMNS (-2)

static int find_named(const struct headers *headers, struct str name)
{
    int found = NO_COLUMN;
    for (size_t i = 0; i < headers->n; i++)
        if (str_equal_nocase(headers->at[i], str_trim(name)))
            found = found == NO_COLUMN ? (int)i : TWO_COLUMNS;
    return found;
}

/* By what was asked for, else by the first of the usual names that the file has. */
static int find_column(const struct headers *headers, enum bill_role role, struct str asked,
                       struct str *ret_name)
{
    int64_t number;
    *ret_name = asked;
    if (asked.at != NULL && str_integer(asked, &number))
        return number >= 1 && number <= (int64_t)headers->n ? (int)number - 1 : NO_COLUMN;
    if (asked.at != NULL)
        return find_named(headers, asked);
    struct str rest = str_of(roles[role].headers);
    int found = NO_COLUMN;
    while (found == NO_COLUMN && str_next(&rest, '|', ret_name))
        found = find_named(headers, *ret_name);
    return found;
}

static enum status say_which(const struct headers *headers, enum bill_role role, int found,
                             struct str name, bool is_asked, struct error *err)
{
    SCOPED(buf_release) struct buf list = BUF(LIMIT_ERROR_HINT_BYTES / 2);
    for (size_t i = 0; i < headers->n; i++)
        buf_printf(&list, "%s%.*s", i == 0 ? "" : ", ", STR_PRINT(utf8_prefix(headers->at[i], 40)));
    if (found == TWO_COLUMNS)
        fail(err, ST_INVALID, "the file has more than one column '%.*s'", STR_PRINT(name));
    else if (is_asked)
        fail(err, ST_INVALID, "the file has no column '%.*s'", STR_PRINT(name));
    else
        fail(err, ST_INVALID, "no column of the file looks like the %s", roles[role].role);
    hint(err, "The first line has: %s. Say which is meant with --%s-column %s.", list.at,
         roles[role].role, found == TWO_COLUMNS ? "NUMBER" : "NAME");
    return ST_INVALID;
}

enum status profile_columns(const struct bill_profile *profile, const struct csv_reader *header,
                            int columns[ROLES], struct error *err)
{
    SCOPED(headers_release) struct headers headers = read_headers(profile, header);
    for (enum bill_role role = 0; role < ROLES; role++) {
        bool is_asked = profile->columns[role].at != NULL;
        struct str name;
        columns[role] = find_column(&headers, role, profile->columns[role], &name);
        if (columns[role] == TWO_COLUMNS ||
            (columns[role] == NO_COLUMN && (roles[role].is_needed || is_asked)))
            return say_which(&headers, role, columns[role], name, is_asked, err);
    }
    return ST_OK;
}

char profile_delimiter(const struct bill_profile *profile, struct str text)
{
    static const char candidates[] = ",;\t|";
    char best = ',';
    size_t most = 0;
    if (profile->delimiter != 0)
        return profile->delimiter;
    struct str rest = text, line = STR("");
    while (str_trim(line).len == 0 && str_next(&rest, '\n', &line))
        continue;
    for (const char *c = candidates; *c != '\0'; c++) {
        size_t n = 0;
        bool is_quoted = false;
        for (size_t i = 0; i < line.len; i++) {
            is_quoted ^= line.at[i] == '"';
            n += !is_quoted && line.at[i] == *c;
        }
        if (n > most) {
            most = n;
            best = *c;
        }
    }
    return best;
}

enum status profile_text(const struct bill_profile *profile, struct str file, struct str *ret_text,
                         int64_t *ret_first_line, struct error *err)
{
    struct str text = file, line;
    if (str_starts(text, "\xff\xfe") || str_starts(text, "\xfe\xff")) {
        fail(err, ST_INVALID, "the file is in UTF-16");
        hint(err, "Save it as \"CSV UTF-8\" in the program that wrote it.");
        return ST_INVALID;
    }
    if (str_starts(text, "\xef\xbb\xbf"))
        text = str_from(text, 3);
    *ret_first_line = 1;
    for (int64_t i = 0; i < profile->skip_rows && text.len > 0; i++, ++*ret_first_line)
        (void)str_next(&text, '\n', &line);
    if (text.at == NULL || str_trim(text).len == 0)
        return fail(err, ST_INVALID, "the file holds no lines");
    *ret_text = text;
    return ST_OK;
}

/* Windows-1252 differs from Latin-1 in these; 0 is not assigned. */
static const uint16_t cp1252_high[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static enum status from_cp1252(struct arena *a, struct str cell, struct str *ret_text,
                               struct error *err)
{
    char *at = arena_alloc(a, cell.len * 3 + 1);
    size_t len = 0;
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char byte = (unsigned char)cell.at[i];
        uint32_t character = byte >= 0x80 && byte < 0xa0 ? cp1252_high[byte - 0x80] : byte;
        char bytes[4];
        if (character == 0)
            return fail(err, ST_INVALID, "the byte 0x%02X is no character of Windows-1252", byte);
        size_t n = utf8_encode(character, bytes);
        memcpy(at + len, bytes, n);
        len += n;
    }
    *ret_text = (struct str){ at, len };
    return ST_OK;
}

enum status profile_cell(const struct bill_profile *profile, struct arena *a, struct str cell,
                         struct str *ret_text, struct error *err)
{
    cell = str_trim(cell);
    if (profile->is_cp1252)
        return from_cp1252(a, cell, ret_text, err);
    if (!utf8_valid(cell))
        return fail(err, ST_INVALID, "the text is not UTF-8 (try --encoding cp1252)");
    *ret_text = cell;
    return ST_OK;
}
