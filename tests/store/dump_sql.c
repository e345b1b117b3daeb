/* Prints the migrations and every statement as a script for psql. */
#include "base/buf.h"
#include "store/db_sqlite.h"
#include "store/migrate.h"
#include "store/statements.h"

#include <stdio.h>

int main(void)
{
    struct arena a = ARENA(0);
    struct error err;
    const char *sql;
    printf("CREATE TABLE schema_migration (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
           " checksum TEXT NOT NULL, applied_at BIGINT NOT NULL);\n");
    for (const struct migration *m = migrations; m->version != 0; m++) {
        if (db_translate(&a, db_postgres_words, str_of(m->text), &sql, &err) != ST_OK) {
            fprintf(stderr, "%s: %s\n", m->name, err.text);
            return 1;
        }
        printf("%s\n", sql);
    }
    for (size_t i = 0; all_statements[i] != NULL; i++)
        for (const struct statement *s = all_statements[i]; s->name != NULL; s++)
            printf("PREPARE \"%s\" AS %s;\n", s->name, s->text);
    printf("SELECT count(*) AS prepared FROM pg_prepared_statements;\n");
    arena_free(&a);
    return 0;
}
