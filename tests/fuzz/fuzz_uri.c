/* Addresses: encoding is undone by decoding, the parts of an address make up its text, a base
 * address is checked once and for all, templates are made of their pieces. */
#include "fuzz.h"

#include "base/uri.h"
#include "net/server.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

static void encoding_is_undone(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf encoded = BUF(1u << 20);
    struct str back;
    uri_encode(&encoded, text, "");
    for (size_t i = 0; i < encoded.len; i++)
        HOLDS(is_plain(encoded.at[i]) || encoded.at[i] == '%');
    bool has_nul = text.len > 0 && memchr(text.at, '\0', text.len) != NULL;
    for (int plus = 0; plus < 2; plus++) {
        bool good = uri_decode(a, buf_str(&encoded), plus == 1, &back);
        HOLDS(good == !has_nul);
        HOLDS(!good || str_equal(back, text));
    }
}

static void decoding_lets_nothing_through(struct arena *a, struct str text)
{
    struct str back, again;
    if (!uri_decode(a, text, false, &back))
        return;
    HOLDS(back.len <= text.len);
    HOLDS(back.len == 0 || memchr(back.at, '\0', back.len) == NULL);
    SCOPED(buf_release) struct buf encoded = BUF(1u << 20);
    uri_encode(&encoded, back, "");
    HOLDS(uri_decode(a, buf_str(&encoded), false, &again) && str_equal(again, back));
}

static void holds_loopback(struct str host)
{
    char name[64] = "";
    struct in_addr address;
    if (str_equal_nocase(host, STR("localhost")) || str_is(host, "[::1]"))
        return;
    HOLDS(host.len < sizeof name);
    memcpy(name, host.at, host.len);
    HOLDS(inet_pton(AF_INET, name, &address) == 1);
    HOLDS(ntohl(address.s_addr) >> 24 == 127);
}

static void parts_make_up_the_text(struct arena *a, struct str text, const struct uri *uri)
{
    HOLDS(str_is(uri->scheme, "http") || str_is(uri->scheme, "https"));
    HOLDS(uri->port >= 1 && uri->port <= 65535);
    HOLDS(uri->host.len > 0 && memchr(uri->host.at, '@', uri->host.len) == NULL);
    HOLDS(uri->path.len == 0 || uri->path.at[0] == '/');
    struct str head =
        str_of(arena_printf(a, "%.*s://%.*s", STR_PRINT(uri->scheme), STR_PRINT(uri->host)));
    bool has_query = uri->query.at != NULL;
    struct str tail = str_of(arena_printf(a, "%.*s%s%.*s", STR_PRINT(uri->path),
                                          has_query ? "?" : "", STR_PRINT(uri->query)));
    HOLDS(text.len >= head.len + tail.len);
    HOLDS(memcmp(text.at, head.at, head.len) == 0);
    HOLDS(tail.len == 0 || memcmp(text.at + text.len - tail.len, tail.at, tail.len) == 0);
    struct str port = { text.at + head.len, text.len - head.len - tail.len };
    int64_t number = str_is(uri->scheme, "http") ? 80 : 443;
    HOLDS(port.len == 0 || (port.at[0] == ':' && str_integer(str_from(port, 1), &number)));
    HOLDS(number == uri->port);
}

static void addresses_are_taken_apart(struct arena *a, struct str text)
{
    struct error err;
    struct uri uri;
    enum status s = uri_parse(text, &uri, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        HOLDS(s == ST_INVALID);
        return;
    }
    parts_make_up_the_text(a, text, &uri);
    if (uri_is_loopback(&uri))
        holds_loopback(uri.host);
}

static void a_base_is_one_for_good(struct arena *a, struct str text)
{
    struct error err;
    struct uri uri;
    struct str base, again;
    enum status s = uri_base(a, text, &base, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        return;
    }
    HOLDS(uri_base(a, base, &again, &err) == ST_OK && str_equal(base, again));
    HOLDS(uri_parse(base, &uri, &err) == ST_OK);
    HOLDS(uri.query.at == NULL && !str_ends(base, "/"));
    if (str_is(uri.scheme, "http"))
        holds_loopback(uri.host);
    struct str longer = str_of(arena_printf(a, "%.*s/x?y=z", STR_PRINT(base)));
    struct uri with_path; /* what is put behind a base cannot change the host */
    HOLDS(uri_parse(longer, &with_path, &err) == ST_OK);
    HOLDS(str_equal(uri.host, with_path.host) && uri.port == with_path.port);
}

static void templates_are_made_of_their_pieces(struct arena *a, struct str text)
{
    const char *template = arena_text(a, text);
    SCOPED(buf_release) struct buf rebuilt = BUF(1u << 20);
    struct uri_template t = uri_template(template);
    while (uri_template_next(&t)) {
        HOLDS(memchr(t.literal.at, '{', t.literal.len) == NULL);
        HOLDS(memchr(t.name.at, '}', t.name.len) == NULL);
        buf_printf(&rebuilt, "%.*s{%.*s}", STR_PRINT(t.literal), STR_PRINT(t.name));
    }
    bool open = t.literal.len > 0 && memchr(t.literal.at, '{', t.literal.len) != NULL;
    HOLDS(open == t.broken);
    buf_add(&rebuilt, t.literal);
    HOLDS(str_is(buf_str(&rebuilt), template));
}

/* name=value pairs, one a line: the first of a name is found again. */
static void queries_give_their_values_back(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf query = BUF(1u << 20);
    struct input in = { text };
    struct str pair, first_name = STR_NONE, first_value = STR_NONE, found;
    while (input_part(&in, a, '\n', &pair)) {
        struct str value = pair, name;
        (void)str_next(&value, '=', &name);
        buf_add_text(&query, query.len > 0 ? "&" : "");
        uri_encode(&query, name, "");
        buf_add_char(&query, '=');
        uri_encode(&query, value, "");
        if (first_name.at == NULL) {
            first_name = name;
            first_value = value;
        }
    }
    bool has_nul = first_name.at == NULL || memchr(text.at, '\0', text.len) != NULL;
    if (has_nul)
        return;
    HOLDS(uri_query_value(a, buf_str(&query), arena_text(a, first_name), &found));
    HOLDS(str_equal(found, first_value.at != NULL ? first_value : STR("")));
    (void)uri_query_value(a, text, "x", &found);
}

static void places_to_listen_are_whole(struct arena *a, struct str text)
{
    struct error err;
    const char *address;
    int port = -1;
    if (text.len > 0 && memchr(text.at, '\0', text.len) != NULL)
        return; /* it comes from the command line */
    enum status s = server_parse_listen(a, text, &address, &port, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        return;
    }
    HOLDS(port >= 0 && port <= 65535 && address[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const ways[])(struct arena * a, struct str text) = {
        encoding_is_undone,
        decoding_lets_nothing_through,
        addresses_are_taken_apart,
        a_base_is_one_for_good,
        queries_give_their_values_back,
        templates_are_made_of_their_pieces,
        places_to_listen_are_whole,
    };
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    ways[input_choice(&in, ARRAY_LEN(ways))](&a, in.rest);
    return 0;
}
