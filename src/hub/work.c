/* Bills, matching, comparison. */
#include "hub/hub.h"

#include "base/os.h"

enum status hub_match(struct hub *hub, struct arena *a, struct match_result *ret_result,
                      struct error *err)
{
    return match_all(hub->store, a, ret_result, err);
}

enum status bill_file(struct arena *a, const char *path, struct str *ret_file, struct error *err)
{
    enum status s = os_read_large_file(a, path, ret_file, err);
    return s == ST_STORE ? (err->code = ST_INVALID)
                         : s; /* a file of the user's, not of the store */
}

enum status hub_import_bill(struct hub *hub, struct arena *a, const char *path,
                            const struct bill_import_options *options,
                            struct bill_import_result *ret_result, struct error *err)
{
    struct str file;
    TRY(bill_file(a, path, &file, err));
    enum status s = bill_import(hub->store, a, file, options, ret_result, err);
    return s == ST_OK ? ST_OK : wrap(err, s, "%s", path);
}

enum status hub_reconcile(struct hub *hub, struct arena *a, struct position_sink *sink,
                          struct reconciliation *ret_sum, struct error *err)
{
    struct match_result matched;
    TRY(match_all(hub->store, a, &matched, err));
    return reconcile(hub->store, a, sink, ret_sum, err);
}
