/* The store on SQLite: opening it on good and bad days, secrets, tokens, leases, documents. */
#include "../unit/test.h"
#include "base/os.h"
#include "store/connections.h"
#include "store/db_sqlite.h"
#include "store/documents.h"
#include "store/instance.h"
#include "store/leases.h"
#include "store/mappings.h"
#include "store/migrate.h"
#include "store/statements.h"
#include "store/subscriptions.h"
#include "store/tokens.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    char directory[64];
    struct clock_manual clock;
    struct store *store;
    struct arena arena;
    struct error err;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->directory, "/tmp/stellion-store-XXXXXX");
    if (mkdtemp(f->directory) == NULL)
        return -1;
    clock_manual_init(&f->clock, INT64_C(1790000000000));
    *state = f;
    assert_ok(store_open(f->directory, &f->clock.clock, &f->store, &f->err), &f->err);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    store_close(f->store);
    arena_free(&f->arena);
    snprintf(command, sizeof command, "rm -r %s", f->directory);
    int result = system(command);
    free(f);
    return result;
}

static const char *path(struct fixture *f, const char *name)
{
    return arena_printf(&f->arena, "%s/%s", f->directory, name);
}

static enum status reopen(struct fixture *f)
{
    store_close(f->store);
    f->store = NULL;
    return store_open(f->directory, &f->clock.clock, &f->store, &f->err);
}

static enum status script(struct fixture *f, const char *sql)
{
    return db_script(f->store->db, sql, &f->err);
}

static int64_t add_connection(struct fixture *f, const char *name)
{
    struct connection_row row = {
        .id = 4711 + f->clock.at_ms % 1000,
        .name = str_of(name),
        .kind = STR("ion"),
        .environment = STR("production"),
        .region = STR(""),
        .base_url = STR("https://ion.example"),
        .token_url = STR("https://ion.example/oauth/token"),
        .state = STR(CONNECTION_READY),
        .created_at = 1,
        .changed_at = 1,
    };
    clock_manual_advance(&f->clock, 1);
    assert_ok(connection_save(f->store, f->store->db, &row, &f->err), &f->err);
    return row.id;
}

static void every_statement_can_be_prepared_and_has_its_own_name(void **state)
{
    struct fixture *f = *state;
    size_t n = 0;
    for (size_t i = 0; all_statements[i] != NULL; i++) {
        for (const struct statement *s = all_statements[i]; s->name != NULL; s++, n++) {
            enum status prepared = script(f, arena_printf(&f->arena, "EXPLAIN %s", s->text));
            assert_ok(prepared, &f->err);
            for (size_t j = 0; j <= i; j++)
                for (const struct statement *t = all_statements[j]; t->name != NULL && t != s; t++)
                    assert_string_not_equal(s->name, t->name);
        }
    }
    assert_true(n > 50);
}

static void files_are_private(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = { "", "stellion.db", "key", "lock", "rescue" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct stat info;
        assert_int_equal(stat(path(f, names[i]), &info), 0);
        if (strcmp(names[i], "stellion.db") != 0) /* the directory protects it */
            assert_int_equal(info.st_mode & 077, 0);
    }
}

static void a_second_opening_finds_what_was_stored(void **state)
{
    struct fixture *f = *state;
    int64_t id = add_connection(f, "first"), workspace = f->store->workspace_id;
    const struct secret *secret = secret_new(&f->arena, STR("hunter2")), *back;
    assert_ok(secret_save(f->store, f->store->db, id, "client-secret", secret, &f->err), &f->err);
    assert_ok(reopen(f), &f->err);
    assert_int_equal(f->store->workspace_id, workspace);
    struct connection_row row;
    assert_ok(connection_find(f->store, f->store->db, &f->arena, STR("first"), &row, &f->err),
              &f->err);
    assert_int_equal(row.id, id);
    assert_int_equal(row.token_url_2.len, 0);
    assert_ok(secret_load(f->store, f->store->db, &f->arena, id, "client-secret", &back, &f->err),
              &f->err);
    assert_true(secret_equal(secret, back));
    assert_fails(connection_find(f->store, f->store->db, &f->arena, STR("x"), &row, &f->err),
                 ST_NOT_FOUND, &f->err, "no connection 'x'", "There is: first.");
}

static void a_secret_never_reaches_the_disk_in_clear(void **state)
{
    struct fixture *f = *state;
    int64_t id = add_connection(f, "first");
    const struct secret *secret = secret_new(&f->arena, STR("correct horse battery"));
    assert_ok(secret_save(f->store, f->store->db, id, "client-secret", secret, &f->err), &f->err);
    assert_ok(reopen(f), &f->err);
    char command[256];
    snprintf(command, sizeof command, "grep -rq 'horse battery' %s", f->directory);
    assert_int_not_equal(system(command), 0);
}

static void a_missing_key_is_refused_and_nothing_is_made(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(rename(path(f, "key"), path(f, "key.away")), 0);
    assert_fails(reopen(f), ST_KEY, &f->err, "key file", "is missing", "backup");
    assert_false(os_exists(path(f, "key")));
    assert_int_equal(rename(path(f, "key.away"), path(f, "key")), 0);
    assert_ok(reopen(f), &f->err);
}

static void a_wrong_or_damaged_key_is_refused(void **state)
{
    struct fixture *f = *state;
    struct str key;
    assert_ok(os_read_file(&f->arena, path(f, "key"), 1000, &key, &f->err), &f->err);
    const struct seal_key *other = seal_key_make(&f->arena);
    assert_ok(os_write_file(path(f, "key"), seal_key_text(&f->arena, other), &f->err), &f->err);
    assert_fails(reopen(f), ST_KEY, &f->err, "not the one that sealed this store");
    assert_ok(os_write_file(path(f, "key"), STR("garbage"), &f->err), &f->err);
    assert_fails(reopen(f), ST_KEY, &f->err, "64 hexadecimal digits");
    assert_ok(os_write_file(path(f, "key"), key, &f->err), &f->err);
    assert_ok(reopen(f), &f->err);
}

static void a_newer_database_is_refused_unchanged(void **state)
{
    struct fixture *f = *state;
    assert_ok(script(f, "INSERT INTO schema_migration VALUES (9999, '9999_future', 'x', 1)"),
              &f->err);
    assert_fails(reopen(f), ST_VERSION, &f->err, "version 9999 (9999_future)", "newer program");
}

static void a_migration_of_another_text_is_refused(void **state)
{
    struct fixture *f = *state;
    assert_ok(script(f, "UPDATE schema_migration SET checksum = 'other' WHERE version = 1"),
              &f->err);
    assert_fails(reopen(f), ST_VERSION, &f->err, "another text of 0001_first.sql");
}

static void a_file_that_is_no_database_is_told(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    f->store = NULL;
    assert_int_equal(unlink(path(f, "stellion.db")), 0);
    char *noise = memset(malloc(5001), 'x', 5000);
    noise[5000] = '\0';
    assert_ok(os_write_file(path(f, "stellion.db"), str_of(noise), &f->err), &f->err);
    free(noise);
    assert_fails(store_open(f->directory, &f->clock.clock, &f->store, &f->err), ST_STORE, &f->err,
                 "stellion.db", "backup");
}

static void an_exclusive_lock_keeps_others_out(void **state)
{
    struct fixture *f = *state;
    assert_ok(os_lock_change(f->store->lock, OS_LOCK_EXCLUSIVE, &f->err), &f->err);
    struct store *second;
    assert_fails(store_open(f->directory, &f->clock.clock, &second, &f->err), ST_BUSY, &f->err,
                 "locked", "migrating");
    assert_ok(os_lock_change(f->store->lock, OS_LOCK_SHARED, &f->err), &f->err);
    assert_ok(store_open(f->directory, &f->clock.clock, &second, &f->err), &f->err);
    store_close(second);
}

static void many_first_starts_at_once_make_one_store(void **state)
{
    struct fixture *f = *state;
    char fresh[128];
    snprintf(fresh, sizeof fresh, "%s/fresh", f->directory);
    pid_t children[8];
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct store *store;
            struct error err;
            enum status s = store_open(fresh, clock_real(), &store, &err);
            if (s != ST_OK)
                fprintf(stderr, "%s\n", err.text);
            else
                store_close(store);
            _exit((int)s);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        int result;
        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_int_equal(result, 0);
    }
}

static void a_full_disk_stores_nothing_half(void **state)
{
    struct fixture *f = *state;
    struct db *db = f->store->db;
    assert_ok(script(f, "PRAGMA max_page_count = 1"), &f->err); /* no page more than there are */
    char *large = memset(malloc(100001), 'x', 100000);
    large[100000] = '\0';
    struct document_row row = { .connection_id = 1,
                                .kind = "subscription",
                                .remote_id = STR("1"),
                                .parent = STR("p"),
                                .body = str_of(large) };
    assert_ok(db_begin(db, RELAXED, &f->err), &f->err);
    assert_fails(document_save(f->store, db, &row, &f->err), ST_FULL, &f->err, "stellion.db",
                 "Make room");
    db_abandon(&db);
    free(large);
    struct str body;
    assert_fails(document_load(f->store, f->store->db, &f->arena, 1, "subscription", STR("1"),
                               &body, &f->err),
                 ST_NOT_FOUND, &f->err, "no document");
}

static void a_copied_store_pauses_until_it_is_claimed(void **state)
{
    struct fixture *f = *state;
    add_connection(f, "first");
    store_close(f->store);
    f->store = NULL;
    char command[256];
    snprintf(command, sizeof command, "cd %s && cp stellion.db copy && mv copy stellion.db",
             f->directory);
    assert_int_equal(system(command), 0);
    assert_ok(store_open(f->directory, &f->clock.clock, &f->store, &f->err), &f->err);
    struct connection_row row;
    assert_ok(connection_find(f->store, f->store->db, &f->arena, STR("first"), &row, &f->err),
              &f->err);
    assert_true(row.paused_because.len > 0);
    assert_text(row.state, CONNECTION_READY);
    assert_ok(instance_claim(f->store, &f->err), &f->err);
    assert_ok(reopen(f), &f->err);
    assert_ok(connection_find(f->store, f->store->db, &f->arena, STR("first"), &row, &f->err),
              &f->err);
    assert_null(row.paused_because.at);
}

static void generations_are_added_and_attempts_counted(void **state)
{
    struct fixture *f = *state;
    struct db *db = f->store->db;
    int64_t id = add_connection(f, "ion"), attempt;
    const struct secret *first = secret_new(&f->arena, STR("first"));
    const struct secret *second = secret_new(&f->arena, STR("second"));
    assert_ok(refresh_add(f->store, db, id, first, "person", &f->err), &f->err);
    assert_ok(attempt_begin(f->store, db, id, 1, &attempt, &f->err), &f->err);
    struct refresh_row row;
    assert_ok(refresh_load(f->store, db, &f->arena, id, &row, &f->err), &f->err);
    assert_int_equal(row.generation, 1);
    assert_true(row.is_unclear);
    assert_int_equal(row.unclear_at, f->clock.at_ms);
    struct access_row access = { secret_new(&f->arena, STR("access")), 1, 2 }, back;
    assert_ok(tokens_keep(f->store, db, id, attempt, 1, second, &access, &f->err), &f->err);
    assert_ok(refresh_load(f->store, db, &f->arena, id, &row, &f->err), &f->err);
    assert_int_equal(row.generation, 2);
    assert_false(row.is_unclear);
    assert_true(secret_equal(row.token, second));
    assert_ok(access_load(f->store, db, &f->arena, id, &back, &f->err), &f->err);
    assert_text(secret_reveal(back.token), "access");
    assert_ok(attempt_begin(f->store, db, id, 2, &attempt, &f->err), &f->err);
    assert_ok(attempt_end(f->store, db, id, attempt, "failed", &f->err), &f->err);
    assert_ok(refresh_load(f->store, db, &f->arena, id, &row, &f->err), &f->err);
    assert_true(row.is_unclear);
}

static void what_a_person_enters_during_a_refresh_holds(void **state)
{
    struct fixture *f = *state;
    struct db *db = f->store->db;
    int64_t id = add_connection(f, "ion"), attempt;
    const struct secret *first = secret_new(&f->arena, STR("first"));
    const struct secret *rotated = secret_new(&f->arena, STR("rotated"));
    const struct secret *typed = secret_new(&f->arena, STR("typed"));
    struct access_row access = { secret_new(&f->arena, STR("old access")), 1, 2 }, back;
    struct refresh_row row;
    assert_ok(refresh_add(f->store, db, id, first, "person", &f->err), &f->err);
    assert_ok(attempt_begin(f->store, db, id, 1, &attempt, &f->err), &f->err);
    assert_ok(refresh_add(f->store, db, id, typed, "person", &f->err), &f->err);
    assert_ok(tokens_keep(f->store, db, id, attempt, 1, rotated, &access, &f->err), &f->err);
    assert_ok(refresh_load(f->store, db, &f->arena, id, &row, &f->err), &f->err);
    assert_true(secret_equal(row.token, typed));
    assert_int_equal(access_load(f->store, db, &f->arena, id, &back, &f->err), ST_NOT_FOUND);
    assert_fails(attempt_begin(f->store, db, id, 1, &attempt, &f->err), ST_CONFLICT, &f->err,
                 "newer token");
}

/* Truly full: a file system of which every block is taken while the request is under way. */
static void a_rescue_needs_no_room_on_the_disk(void **state)
{
    struct fixture *f = *state;
    int64_t id = add_connection(f, "ion"), attempt;
    const struct secret *first = secret_new(&f->arena, STR("first"));
    const struct secret *second = secret_new(&f->arena, STR("second"));
    const char *rescue = path(f, "rescue");
    assert_ok(refresh_add(f->store, f->store->db, id, first, "person", &f->err), &f->err);
    if (mount("none", rescue, "tmpfs", 0, "size=64k,mode=700") != 0)
        skip(); /* needs root */
    assert_ok(attempt_begin(f->store, f->store->db, id, 1, &attempt, &f->err), &f->err);
    FILE *filler = fopen(arena_printf(&f->arena, "%s/filler", rescue), "w");
    while (fputc('x', filler) != EOF && fflush(filler) == 0)
        continue;
    fclose(filler);
    enum status s = tokens_rescue(f->store, id, 1, second, &f->err);
    unlink(arena_printf(&f->arena, "%s/filler", rescue));
    struct refresh_row row = { .generation = 0 };
    if (s == ST_OK)
        s = refresh_load(f->store, f->store->db, &f->arena, id, &row, &f->err);
    assert_int_equal(umount(rescue), 0);
    assert_ok(s, &f->err);
    assert_int_equal(row.generation, 2);
    assert_true(secret_equal(row.token, second));
}

static void a_rescued_token_is_taken_in_at_the_next_start(void **state)
{
    struct fixture *f = *state;
    int64_t id = add_connection(f, "ion");
    const struct secret *first = secret_new(&f->arena, STR("first"));
    const struct secret *second = secret_new(&f->arena, STR("second"));
    assert_ok(refresh_add(f->store, f->store->db, id, first, "person", &f->err), &f->err);
    assert_ok(tokens_rescue(f->store, id, 1, second, &f->err), &f->err);
    assert_ok(reopen(f), &f->err);
    const char *const *names;
    size_t n;
    assert_ok(os_list_directory(&f->arena, path(f, "rescue"), "", &names, &n, &f->err), &f->err);
    assert_int_equal(n, 0);
    struct refresh_row row;
    assert_ok(refresh_load(f->store, f->store->db, &f->arena, id, &row, &f->err), &f->err);
    assert_int_equal(row.generation, 2);
    assert_true(secret_equal(row.token, second));
}

static void while_a_rescued_token_waits_no_older_one_is_given_out(void **state)
{
    struct fixture *f = *state;
    int64_t id = add_connection(f, "ion");
    const struct secret *token = secret_new(&f->arena, STR("first"));
    assert_ok(refresh_add(f->store, f->store->db, id, token, "person", &f->err), &f->err);
    assert_ok(os_write_file(path(f, arena_printf(&f->arena, "rescue/%lld-1.token", (long long)id)),
                            STR("damaged"), &f->err),
              &f->err);
    struct refresh_row row;
    assert_fails(refresh_load(f->store, f->store->db, &f->arena, id, &row, &f->err), ST_KEY,
                 &f->err, "rotated token waits");
}

static void a_lease_has_one_holder(void **state)
{
    struct fixture *f = *state;
    struct db *db = f->store->db;
    int64_t until;
    assert_ok(lease_take(f->store, db, "sync x", 1, 1000, &until, &f->err), &f->err);
    assert_int_equal(until, f->clock.at_ms + 1000);
    assert_ok(lease_take(f->store, db, "sync x", 1, 2000, &until, &f->err), &f->err);
    assert_fails(lease_take(f->store, db, "sync x", 2, 1000, &until, &f->err), ST_BUSY, &f->err,
                 "sync x is being done by process");
    assert_int_equal(until, f->clock.at_ms + 2000);
    assert_ok(lease_release(f->store, db, "sync x", 2, &f->err), &f->err);
    assert_fails(lease_take(f->store, db, "sync x", 2, 1000, &until, &f->err), ST_BUSY, &f->err,
                 "");
    clock_manual_advance(&f->clock, 2001);
    assert_ok(lease_take(f->store, db, "sync x", 2, 1000, &until, &f->err), &f->err);
    assert_ok(lease_release(f->store, db, "sync x", 2, &f->err), &f->err);
    assert_ok(lease_take(f->store, db, "sync x", 3, 1000, &until, &f->err), &f->err);
}

/* It may have slept past its time, and go on where it was. */
static void a_living_holder_keeps_its_lease(void **state)
{
    struct fixture *f = *state;
    int ready[2], status;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        char *const arguments[] = { (char *)"child", (char *)"--hold", f->directory, NULL };
        dup2(ready[1], STDOUT_FILENO);
        execv("/proc/self/exe", arguments);
        _exit(127);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    f->clock.at_ms += 3600000;
    assert_fails(lease_take(f->store, f->store->db, "sync x", 1, 1000, NULL, &f->err), ST_BUSY,
                 &f->err, "process");
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_ok(lease_take(f->store, f->store->db, "sync x", 1, 1000, NULL, &f->err), &f->err);
    close(ready[0]);
    close(ready[1]);
}

static void the_lease_of_a_dead_process_is_free(void **state)
{
    struct fixture *f = *state;
    pid_t child = fork();
    if (child == 0) {
        struct store *store;
        struct error err;
        enum status s = store_open(f->directory, &f->clock.clock, &store, &err);
        if (s == ST_OK)
            s = lease_take(store, store->db, "sync x", 1, 1000000, NULL, &err);
        _exit((int)s);
    }
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
    assert_ok(lease_take(f->store, f->store->db, "sync x", 1, 1000, NULL, &f->err), &f->err);
}

static void a_digest_finds_its_record(void **state)
{
    struct fixture *f = *state;
    struct db *db = f->store->db;
    for (int i = 0; i < 100; i++) {
        struct str id = str_of(arena_printf(&f->arena, "id-%d", i));
        struct document_row row = { 7, "subscription", id, STR("parent"), id, digest_of(id) };
        assert_ok(document_save(f->store, db, &row, &f->err), &f->err);
    }
    struct known_documents known;
    assert_ok(
        documents_known(f->store, db, &f->arena, 7, "subscription", STR("parent"), &known, &f->err),
        &f->err);
    assert_int_equal(known.n, 100);
    for (int i = 0; i < 100; i++) {
        struct str id = str_of(arena_printf(&f->arena, "id-%d", i));
        const struct str *found = known_find(&known, digest_of(id));
        assert_non_null(found);
        assert_true(str_equal(*found, id));
    }
    assert_null(known_find(&known, digest_of(STR("other"))));
}

static void transactions_that_are_left_are_undone(void **state)
{
    struct fixture *f = *state;
    int64_t organisation;
    {
        SCOPED(db_abandon) struct db *db = f->store->db;
        assert_ok(db_begin(db, SYNCED, &f->err), &f->err);
        assert_ok(organisation_ensure(f->store, db, STR("Acme"), &organisation, &f->err), &f->err);
    }
    const struct organisation_row *rows;
    size_t n;
    assert_ok(organisation_list(f->store, f->store->db, &f->arena, &rows, &n, &f->err), &f->err);
    assert_int_equal(n, 0);
}

/* Takes a lease, says so with a byte, and lives on: --hold DIRECTORY */
static int hold(const char *directory)
{
    struct store *store;
    struct error err;
    struct clock_manual clock;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    clock_manual_init(&clock, INT64_C(1790000000000));
    if (store_open(directory, &clock.clock, &store, &err) != ST_OK ||
        lease_take(store, store->db, "sync x", 1, 1000, NULL, &err) != ST_OK ||
        write(STDOUT_FILENO, "!", 1) != 1)
        return 1;
    for (;;)
        pause();
}

int main(int n_arguments, char **arguments)
{
    if (n_arguments == 3 && strcmp(arguments[1], "--hold") == 0)
        return hold(arguments[2]);
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest store_tests[] = {
        T(every_statement_can_be_prepared_and_has_its_own_name),
        T(files_are_private),
        T(a_second_opening_finds_what_was_stored),
        T(a_secret_never_reaches_the_disk_in_clear),
        T(a_missing_key_is_refused_and_nothing_is_made),
        T(a_wrong_or_damaged_key_is_refused),
        T(a_newer_database_is_refused_unchanged),
        T(a_migration_of_another_text_is_refused),
        T(a_file_that_is_no_database_is_told),
        T(an_exclusive_lock_keeps_others_out),
        T(many_first_starts_at_once_make_one_store),
        T(a_full_disk_stores_nothing_half),
        T(a_copied_store_pauses_until_it_is_claimed),
        T(generations_are_added_and_attempts_counted),
        T(a_rescued_token_is_taken_in_at_the_next_start),
        T(while_a_rescued_token_waits_no_older_one_is_given_out),
        T(what_a_person_enters_during_a_refresh_holds),
        T(a_rescue_needs_no_room_on_the_disk),
        T(a_lease_has_one_holder),
        T(a_living_holder_keeps_its_lease),
        T(the_lease_of_a_dead_process_is_free),
        T(a_digest_finds_its_record),
        T(transactions_that_are_left_are_undone),
    };
    return RUN(store_tests);
}
