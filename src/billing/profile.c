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
                      "billing period|period|billing cycle|billing frequency|frequency|term" },
};

const char *role_name(enum bill_role role)
{
    return roles[role].role;
}

static bool is_usual(enum bill_role role, struct str header)
{
    struct str rest = str_of(roles[role].headers), name;
    while (str_next(&rest, '|', &name))
        if (str_equal_nocase(name, str_trim(header)))
            return true;
    return false;
}

static int find_column(const struct bill_profile *profile, enum bill_role role,
                       const struct csv_reader *header)
{
    struct str wanted = profile->columns[role];
    int64_t number;
    if (wanted.at != NULL && str_integer(wanted, &number))
        return number >= 1 && number <= (int64_t)header->n_cells ? (int)number - 1 : -1;
    for (size_t i = 0; i < header->n_cells; i++) {
        struct str cell = str_trim(csv_cell(header, i));
        if (wanted.at != NULL ? str_equal_nocase(cell, str_trim(wanted)) : is_usual(role, cell))
            return (int)i;
    }
    return -1;
}

static void list_headers(const struct csv_reader *header, struct buf *to)
{
    for (size_t i = 0; i < header->n_cells; i++) {
        struct str cell = utf8_prefix(str_trim(csv_cell(header, i)), 40);
        buf_printf(to, "%s%.*s", i == 0 ? "" : ", ", STR_PRINT(cell));
    }
}

enum status profile_columns(const struct bill_profile *profile, const struct csv_reader *header,
                            int columns[ROLES], struct error *err)
{
    for (enum bill_role role = 0; role < ROLES; role++) {
        columns[role] = find_column(profile, role, header);
        bool is_asked = profile->columns[role].at != NULL;
        if (columns[role] >= 0 || (!roles[role].is_needed && !is_asked))
            continue;
        SCOPED(buf_release) struct buf headers = BUF(LIMIT_ERROR_HINT_BYTES / 2);
        list_headers(header, &headers);
        if (is_asked)
            fail(err, ST_INVALID, "the file has no column '%.*s'",
                 STR_PRINT(profile->columns[role]));
        else
            fail(err, ST_INVALID, "no column of the file looks like the %s", roles[role].role);
        hint(err, "The first line has: %s. Say which is meant with --%s-column NAME.", headers.at,
             roles[role].role);
        return ST_INVALID;
    }
    return ST_OK;
}

char profile_delimiter(const struct bill_profile *profile, struct str text)
{
    static const char candidates[] = ",;\t|";
    char best = ',';
    size_t most = 0;
    struct str rest = text, line;
    if (profile->delimiter != 0 || !str_next(&rest, '\n', &line))
        return profile->delimiter != 0 ? profile->delimiter : ',';
    for (const char *c = candidates; *c != '\0'; c++) {
        size_t n = 0;
        for (size_t i = 0; i < line.len; i++)
            n += line.at[i] == *c;
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
