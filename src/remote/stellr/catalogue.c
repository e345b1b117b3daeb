/* Stellr vendors and products: actions 11 and 33 of the reference. */
#include "remote/stellr/rows.h"

const struct action stellr_vendor_actions[] = {
    {
        .name = "stellr.vendor.list",
        .category = "Vendor",
        .title = "List Vendors",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/vendors",
        .params = PARAMS_NONE,
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL_WEAK,
        .source = "stellr 4 no. 33, 5.33",
        .recording = "vendors-list",
        .doc = "The vendors that this reseller may sell.",
    },
    { .name = NULL },
};

const struct action stellr_product_actions[] = {
    {
        .name = "stellr.product.list",
        .category = "Product",
        .title = "List Vendor Products",
        .method = METHOD_GET,
        .path = "/api/v2/vendors/{vendorId}/cloud/products", /* the only v2 path */
        .params = PARAMS(
            {
                .name = "vendorId",
                .place = IN_PATH,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "Name of the vendor, as the vendor list gives it.",
                .example = "Microsoft",
            },
            {
                .name = "includeEOL",
                .place = IN_QUERY,
                .type = PARAM_CHOICE,
                .need = OPTIONAL,
                .doc = "Y brings discontinued products as well.",
                .example = "N",
                .choices = "Y|N",
            },
            {
                .name = "$search",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Words to search for; the dollar sign is part of the name.",
                .example = "Premium",
            },
            {
                .name = "mfgPartNo",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Exactly this part number of the manufacturer.",
                .example = "CFQ7TTC0LCHC:0002",
            }),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 11, 5.11",
        .recording = "products-list",
        .doc = "The catalogue of one vendor with the reseller's prices.",
    },
    { .name = NULL },
};
