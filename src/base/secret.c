/* The one file that includes libsodium. */
#include "base/secret.h"

#include "base/buf.h"
#include "base/give_up.h"
#include "base/os.h"

#include <sodium.h>

struct secret {
    char *at; /* guarded memory, outside the arena; freed by it */
    size_t len;
};

struct seal_key {
    unsigned char *at; /* guarded memory */
    unsigned char id[SEAL_ID_BYTES];
};

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES

static void start_sodium(void)
{
    if (sodium_init() < 0) /* thread-safe, and cheap when done already */
        give_up(ST_INTERNAL, "libsodium cannot start");
}

static void *guarded_new(struct arena *a, size_t bytes)
{
    start_sodium();
    void *at = sodium_malloc(bytes != 0 ? bytes : 1);
    if (at == NULL)
        give_up(ST_NO_MEMORY, "out of guarded memory");
    arena_defer(a, sodium_free, at);
    return at;
}

static struct secret *secret_room(struct arena *a, size_t len)
{
    struct secret *secret = ARENA_NEW(a, struct secret);
    secret->at = guarded_new(a, len);
    secret->len = len;
    return secret;
}

const struct secret *secret_new(struct arena *a, struct str text)
{
    struct secret *secret = secret_room(a, text.len);
    if (text.len > 0)
        memcpy(secret->at, text.at, text.len);
    return secret;
}

struct str secret_reveal(const struct secret *secret)
{
    return secret == NULL ? STR_NONE : (struct str){ secret->at, secret->len };
}

bool secret_is_empty(const struct secret *secret)
{
    return secret == NULL || secret->len == 0;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    struct str x = secret_reveal(a), y = secret_reveal(b);
    return x.len == y.len && (x.len == 0 || sodium_memcmp(x.at, y.at, x.len) == 0);
}

/* The key's id is a keyed hash of a fixed text: it tells keys apart and says nothing of them. */
static void name_key(struct seal_key *key)
{
    static const unsigned char text[] = "stellion key id";
    unsigned char hash[crypto_generichash_BYTES_MIN];
    (void)crypto_generichash(hash, sizeof hash, text, sizeof text - 1, key->at, SEAL_KEY_BYTES);
    memcpy(key->id, hash, SEAL_ID_BYTES);
}

static struct seal_key *key_room(struct arena *a)
{
    struct seal_key *key = ARENA_NEW(a, struct seal_key);
    key->at = guarded_new(a, SEAL_KEY_BYTES);
    return key;
}

enum status seal_key_read(struct arena *a, struct str text, const struct seal_key **ret_key,
                          struct error *err)
{
    struct seal_key *key = key_room(a);
    size_t len = 0;
    text = str_trim(text);
    if (sodium_hex2bin(key->at, SEAL_KEY_BYTES, text.at, text.len, NULL, &len, NULL) != 0 ||
        len != SEAL_KEY_BYTES || text.len != (size_t)SEAL_KEY_BYTES * 2)
        return fail(err, ST_KEY, "the key file does not hold %d hexadecimal digits",
                    SEAL_KEY_BYTES * 2);
    name_key(key);
    *ret_key = key;
    return ST_OK;
}

const struct seal_key *seal_key_make(struct arena *a)
{
    struct seal_key *key = key_room(a);
    randombytes_buf(key->at, SEAL_KEY_BYTES);
    name_key(key);
    return key;
}

static struct str hexadecimal(struct arena *a, const unsigned char *at, size_t bytes)
{
    char *text = arena_alloc(a, bytes * 2 + 1);
    (void)sodium_bin2hex(text, bytes * 2 + 1, at, bytes);
    return (struct str){ text, bytes * 2 };
}

struct str seal_key_text(struct arena *a, const struct seal_key *key)
{
    return hexadecimal(a, key->at, SEAL_KEY_BYTES);
}

struct str seal_key_id(struct arena *a, const struct seal_key *key)
{
    return hexadecimal(a, key->id, SEAL_ID_BYTES);
}

struct str seal(struct arena *a, const struct seal_key *key, struct str identity,
                const struct secret *secret)
{
    struct str plain = secret_reveal(secret);
    size_t len = SEAL_ID_BYTES + NONCE_BYTES + plain.len + TAG_BYTES;
    unsigned char *at = arena_alloc(a, len);
    memcpy(at, key->id, SEAL_ID_BYTES);
    unsigned char *nonce = at + SEAL_ID_BYTES;
    randombytes_buf(nonce, NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        nonce + NONCE_BYTES, NULL, (const unsigned char *)plain.at, plain.len,
        (const unsigned char *)identity.at, identity.len, NULL, nonce, key->at);
    return (struct str){ (char *)at, len };
}

enum status seal_open(struct arena *a, const struct seal_key *key, struct str identity,
                      struct str sealed, const struct secret **ret_secret, struct error *err)
{
    size_t head = SEAL_ID_BYTES + NONCE_BYTES;
    if (sealed.len < head + TAG_BYTES)
        return fail(err, ST_KEY, "the sealed value of %.*s is damaged", STR_PRINT(identity));
    if (memcmp(sealed.at, key->id, SEAL_ID_BYTES) != 0)
        return fail(err, ST_KEY, "the value of %.*s was sealed with another key",
                    STR_PRINT(identity));
    struct secret *secret = secret_room(a, sealed.len - head - TAG_BYTES);
    const unsigned char *nonce = (const unsigned char *)sealed.at + SEAL_ID_BYTES;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)secret->at, NULL, NULL, nonce + NONCE_BYTES, sealed.len - head,
            (const unsigned char *)identity.at, identity.len, nonce, key->at) != 0)
        return fail(err, ST_KEY, "the sealed value of %.*s is damaged or was moved here",
                    STR_PRINT(identity));
    *ret_secret = secret;
    return ST_OK;
}

struct digest digest_of(struct str text)
{
    struct digest digest;
    (void)crypto_generichash(digest.at, sizeof digest.at, (const unsigned char *)text.at, text.len,
                             NULL, 0);
    return digest;
}

bool digest_equal(struct digest a, struct digest b)
{
    return memcmp(a.at, b.at, sizeof a.at) == 0;
}

struct str checksum_of(struct arena *a, struct str text)
{
    unsigned char hash[32];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)text.at, text.len, NULL, 0);
    return hexadecimal(a, hash, sizeof hash);
}

void base64_print(struct buf *to, struct str bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
    char *at = buf_room(to, room);
    if (at == NULL)
        return;
    (void)sodium_bin2base64(at, room, (const unsigned char *)bytes.at, bytes.len,
                            sodium_base64_VARIANT_ORIGINAL);
    buf_took(to, room - 1);
}

bool base64_read(struct arena *a, struct str text, struct str *ret_bytes)
{
    size_t len = 0;
    unsigned char *at = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) /* libsodium takes some of these for good ones */
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    if (sodium_base642bin(at, text.len, text.at, text.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    *ret_bytes = (struct str){ (char *)at, len };
    return true;
}
