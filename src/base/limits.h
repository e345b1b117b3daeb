/* Every ceiling over input, memory and time, with its unit in its name. What comes from outside
 * meets one of these before it meets memory. */
#pragma once

/* Errors and text */
#define LIMIT_ERROR_TEXT_BYTES   1024
#define LIMIT_ERROR_HINT_BYTES   768
#define LIMIT_REMOTE_WORDS_BYTES 240 /* of a remote's own message, quoted in ours */
#define LIMIT_NAME_BYTES         200 /* of a connection, a workspace, a profile */

/* Documents */
#define LIMIT_JSON_DEPTH   64
#define LIMIT_REPLY_BYTES  (32u << 20)
#define LIMIT_RECORD_BYTES (4u << 20)
#define LIMIT_PAGE_RECORDS 20000
#define LIMIT_HEADER_BYTES (64u << 10)
#define LIMIT_URL_BYTES    8192
#define LIMIT_BODY_BYTES   (1u << 20) /* of a request that we send */
#define LIMIT_QUERY_VALUES 2000000    /* that a query into an answer gives */

/* Paging: what a list may hold before we believe that it never ends */
#define LIMIT_PAGES_PER_LIST 20000

/* Memory of one unit of work */
#define LIMIT_COMMAND_BYTES (256u << 20)
#define LIMIT_PAGE_BYTES    (96u << 20)

/* Files */
#define LIMIT_SECRET_BYTES     4096
#define LIMIT_CSV_CELL_BYTES   (64u << 10)
#define LIMIT_CSV_COLUMNS      256
#define LIMIT_CSV_ERRORS_SHOWN 20
#define LIMIT_SMALL_FILE_BYTES (1u << 20)

/* Time */
#define LIMIT_CONNECT_MS     10000
#define LIMIT_READ_MS        60000 /* one read, answer included */
#define LIMIT_TOKEN_MS       30000 /* one token request: inside the lease */
#define LIMIT_TOKEN_LEASE_MS 120000
#define LIMIT_RETRY_AFTER_MS 120000 /* longest Retry-After that is waited for */
#define LIMIT_READ_ATTEMPTS  4
#define LIMIT_SYNC_LEASE_MS  120000
#define LIMIT_WORKERS        64
