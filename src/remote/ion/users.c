/* Ion users: U1 of the reference. Version 2 of the service, with API key and secret (1.4). */
#include "remote/ion/rows.h"

const struct action ion_user_actions[] = {
    {
        .name = "ion.user.create",
        .category = "Users",
        .title = "Create User",
        .method = METHOD_POST,
        .path = "/api/v2/accounts/{accountId}/users",
        .params = PARAMS(
            ION_ACCOUNT_ID,
            ION_BODY_TEXT("userName", REQUIRED, "Name of the person.", "Integration User"),
            ION_BODY_TEXT("email", REQUIRED, "E-mail address of the person.",
                          "integration@example.invalid"),
            ION_BODY_CHOICE("userType", REQUIRED, "What the user may do.", "OPS",
                            "OWNER|SALES|OPS"),
            ION_BODY_CHOICE("userStatus", OPTIONAL, "Status to begin with.", "ACTIVE",
                            "USER_STATUS_UNSPECIFIED|PENDING_EMAIL_VALIDATION|PENDING_APPROVAL|"
                            "ACTIVE|SUSPENDED")),
        .effect = EFFECT_WRITE,
        .trust = TRUST_CLIENT,
        .source = "ion 3.0 U1, 3.9",
        .recording = "v2-user-create",
        .doc = "Makes a user of the account. A `password` goes into the body as well; since "
               "secrets are no arguments, give the body whole, from a file: --body @FILE.",
        .scheme = WITH_BASIC,
    },
    {
        .name = "ion.user.list",
        .category = "Users",
        .title = "List Users",
        .method = METHOD_GET,
        .path = "/api/v2/accounts/{accountId}/users",
        .params = PARAMS(ION_ACCOUNT_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_CLIENT,
        .source = "ion 3.0 U1, 3.9",
        .recording = "v2-users",
        .doc = "The users of the account with their roles.",
        .scheme = WITH_BASIC,
    },
    { .name = NULL },
};
