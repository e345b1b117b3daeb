/* Secrets: text that has no printed form, and its sealed form for the disk (libsodium).
 *
 * A `struct secret` cannot be given to printf, a JSON writer or a log: whoever needs the bytes asks
 * for them by name (secret_reveal), and such a place is easy to find. Its memory is locked, guarded
 * and wiped. Sealing is XChaCha20-Poly1305 with the identity of the row as additional data, so that
 * a sealed value moved to another row does not open. */
#pragma once

#include "base/arena.h"

struct secret;

/* Copies text into a secret that lives as long as the arena. The source is the caller's to wipe. */
const struct secret *secret_new(struct arena *a, struct str text);

/* The bytes, for the one place that sends or seals them. Never keep or print the view. */
struct str secret_reveal(const struct secret *secret); /* NULL gives STR_NONE */

bool secret_is_empty(const struct secret *secret);                 /* NULL counts as empty */
bool secret_equal(const struct secret *a, const struct secret *b); /* in constant time */

#define SEAL_KEY_BYTES 32
#define SEAL_ID_BYTES  8

/* The key that seals. Its id stands in front of each sealed value, so that a wrong key is told
 * apart from a damaged value. */
struct seal_key;

/* From the text of a key file (64 hexadecimal digits), or ST_KEY. */
enum status seal_key_read(struct arena *a, struct str text, const struct seal_key **ret_key,
                          struct error *err);
const struct seal_key *seal_key_make(struct arena *a);                 /* a new one */
struct str seal_key_text(struct arena *a, const struct seal_key *key); /* for the file: a secret */
struct str seal_key_id(struct arena *a, const struct seal_key *key);   /* hexadecimal, no secret */

/* `identity` names the row ("connection/12/client-secret"): needed again to open it. */
struct str seal(struct arena *a, const struct seal_key *key, struct str identity,
                const struct secret *secret);

/* ST_KEY when another key sealed it, or it was damaged or belongs to another row. */
enum status seal_open(struct arena *a, const struct seal_key *key, struct str identity,
                      struct str sealed, const struct secret **ret_secret, struct error *err);

/* 16 bytes that tell documents apart (BLAKE2b). No secret. */
#define DIGEST_BYTES 16
struct digest {
    unsigned char at[DIGEST_BYTES];
};
struct digest digest_of(struct str text);
bool digest_equal(struct digest a, struct digest b);

/* Hexadecimal of BLAKE2b-256, for checksums that people may see. */
struct str checksum_of(struct arena *a, struct str text);

/* Appends the Base64 form; reads one back (false when it is none). */
struct buf;
void base64_print(struct buf *to, struct str bytes);
bool base64_read(struct arena *a, struct str text, struct str *ret_bytes);
