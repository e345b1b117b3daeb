/* Sealed values and keys: what was sealed opens and only as it is; no other bytes open; a key file
 * and Base64 give their bytes back. */
#include "fuzz.h"

#include "base/secret.h"

#include <string.h>

static void what_was_sealed_opens_as_it_is(struct arena *a, struct input *in)
{
    static const struct seal_key *key, *other;
    static struct arena keys = ARENA(0);
    struct error err;
    if (key == NULL) {
        key = seal_key_make(&keys);
        other = seal_key_make(&keys);
    }
    size_t place = input_byte(in);
    unsigned change = input_byte(in);
    const struct secret *secret = secret_new(a, in->rest), *opened = NULL;
    struct str sealed = seal(a, key, STR("connection/12/client-secret"), secret);
    HOLDS(!contains(str_from(sealed, SEAL_ID_BYTES), in->rest) || in->rest.len < 8);
    HOLDS(seal_open(a, key, STR("connection/12/client-secret"), sealed, &opened, &err) == ST_OK);
    HOLDS(secret_equal(secret, opened) && str_equal(secret_reveal(opened), in->rest));
    HOLDS(seal_open(a, key, STR("connection/13/client-secret"), sealed, &opened, &err) == ST_KEY);
    HOLDS(seal_open(a, other, STR("connection/12/client-secret"), sealed, &opened, &err) == ST_KEY);
    struct str cut = { sealed.at, place % sealed.len };
    HOLDS(seal_open(a, key, STR("connection/12/client-secret"), cut, &opened, &err) == ST_KEY);
    ((char *)(uintptr_t)sealed.at)[place % sealed.len] ^= (char)change;
    enum status s = seal_open(a, key, STR("connection/12/client-secret"), sealed, &opened, &err);
    HOLDS(s == (change == 0 ? ST_OK : ST_KEY));
}

static void other_bytes_do_not_open(struct arena *a, struct input *in)
{
    static const struct seal_key *key;
    static struct arena keys = ARENA(0);
    const struct secret *opened;
    struct error err;
    if (key == NULL)
        key = seal_key_make(&keys);
    enum status s = seal_open(a, key, STR("x"), in->rest, &opened, &err);
    holds_error(s, &err);
    HOLDS(s == ST_KEY);
}

static void a_key_file_is_64_digits(struct arena *a, struct input *in)
{
    const struct seal_key *key;
    struct error err;
    enum status s = seal_key_read(a, exact_copy(a, in->rest), &key, &err);
    struct str trimmed = str_trim(in->rest);
    bool good = trimmed.len == 64;
    for (size_t i = 0; i < trimmed.len; i++)
        good = good && trimmed.at[i] != '\0' &&
               strchr("0123456789abcdefABCDEF", trimmed.at[i]) != NULL;
    HOLDS((s == ST_OK) == good);
    if (s == ST_OK)
        HOLDS(str_equal_nocase(seal_key_text(a, key), trimmed));
    else
        HOLDS(s == ST_KEY && (trimmed.len < 16 || !contains(str_of(err.text), trimmed)));
}

static void base64_gives_the_bytes_back(struct arena *a, struct input *in)
{
    SCOPED(buf_release) struct buf text = BUF(1u << 20), again = BUF(1u << 20);
    struct str bytes;
    base64_print(&text, in->rest);
    HOLDS(base64_read(a, buf_str(&text), &bytes) && str_equal(bytes, in->rest));
    if (!base64_read(a, exact_copy(a, in->rest), &bytes))
        return;
    base64_print(&again, bytes);
    HOLDS(str_equal(buf_str(&again), in->rest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const ways[])(struct arena * a, struct input * in) = {
        what_was_sealed_opens_as_it_is,
        other_bytes_do_not_open,
        a_key_file_is_64_digits,
        base64_gives_the_bytes_back,
    };
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    ways[input_choice(&in, ARRAY_LEN(ways))](&a, &in);
    return 0;
}
