#!/bin/sh
# A client of both in sh and curl, written from the reference: portal.sh JOURNEY
# As people try a service before they write anything: forms by -d and -F, -u for Basic, HTTP/1.0, a
# compressed answer, TLS with a certificate of one's own. Where things are stands in the
# environment: STELLR, TOKEN_URL, CLIENT, ION, ACCOUNT, REFRESH, KEY, CUSTOMERS, SUBSCRIPTIONS, and
# CA for https.
set -eu

call() { curl --silent --show-error --max-time 30 ${CA:+--cacert "$CA"} "$@"; }
status() { call --output /dev/null --write-out '%{http_code}' "$@"; }
same() { [ "$1" = "$2" ] || { echo "got $1, wanted $2" >&2; exit 1; }; }
# member NAME: the text or number of this name in the JSON on standard input
member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
count() { grep -o "\"$1\":" | wc -l | tr -d ' '; }

stellr() {
    for how in "-d client_id=${CLIENT%%:*} -d client_secret=${CLIENT#*:}" "-u $CLIENT" \
        "--http1.0 -u $CLIENT" "-F client_id=${CLIENT%%:*} -F client_secret=${CLIENT#*:}"; do
        case $how in -F*) grant=-F ;; *) grant=-d ;; esac
        # shellcheck disable=SC2086 # words of an option
        answer=$(call $how $grant grant_type=client_credentials "$TOKEN_URL")
        same "$(echo "$answer" | member token_type) $(echo "$answer" | member expires_in)" \
            "Bearer 7200"
    done
    bearer="Authorization: Bearer $(echo "$answer" | member access_token)"
    same "$(status -u "${CLIENT%%:*}:wrong" -d grant_type=client_credentials "$TOKEN_URL")" 401
    same "$(call -H "$bearer" "$STELLR/api/v1/cloud/customers" | member total)" 0
    page="$STELLR/api/v1/cloud/customers?pageNo=1&pageSize=200"
    for how in --compressed --http1.0 --http1.1 "-H Accept:*/*"; do
        # shellcheck disable=SC2086
        same "$(call $how -H "$bearer" "$page" | count customerNo)" "$CUSTOMERS"
    done
    same "$(call -G -H "$bearer" -d pageNo=1 -d pageSize=5 -d cursor= "${page%%\?*}/" |
        count customerNo)" 5
    same "$(status -H "$bearer" -X PATCH "$page")" 405
    same "$(status "$page")" 401
}

ion() {
    token=$ION/oauth/token
    answer=$(call -F grant_type=refresh_token -F redirect_uri=http://localhost/ \
        -F "refresh_token=$REFRESH" "$token")
    same "$(status -d grant_type=refresh_token -d "refresh_token=$REFRESH" "$token")" 400
    answer=$(call -d grant_type=refresh_token --data-urlencode redirect_url=https://localhost/ \
        -d "refresh_token=$(echo "$answer" | member refresh_token)" "$token")
    access=$(echo "$answer" | member access_token)
    bearer="Authorization: Bearer $access"
    for how in "-H$bearer" "-daccess_token=$access" "-Faccess_token=$access"; do
        same "$(call "$how" "$ION/oauth/validateAccess" | count refresh_expires_in)" 1
    done
    v3=$ION/api/v3/accounts/$ACCOUNT
    rows=0 next= pages=0
    while :; do
        page=$(call -H "$bearer" "$v3/customers?pageSize=10&pageToken=$next")
        rows=$((rows + $(echo "$page" | count customerOrganization))) pages=$((pages + 1))
        next=$(echo "$page" | member nextPageToken)
        [ -n "$next" ] || break
    done
    same "$rows $pages" "$CUSTOMERS $(((CUSTOMERS + 9) / 10))"
    same "$(status -H "$bearer" "$v3/customers?pageSize=1000")" 200
    same "$(status -H "$bearer" "$v3/customers")" 400
    same "$(call -H "bearer: x" -H "$bearer" -H 'Expect: 100-continue' --compressed \
        "$v3/subscriptions?pagination.limit=5000&pagination.offset=0" | member totalSize)" \
        "$SUBSCRIPTIONS"
    same "$(call -u "$KEY" "$ION/api/v1/customers" | count company)" "$CUSTOMERS"
    month="$ION/api/v1/reports/billing/azureplan?filter[date_range]=m-1-2026"
    same "$(status -g -u "$KEY" "$month&filter[report_currency]=SEK")" 200
    same "$(status -u "$KEY" "$(echo "$month" | sed 's/\[/%5B/; s/\]/%5D/')")" 200
    same "$(status -u "${KEY%%:*}:wrong" "$ION/api/v1/customers")" 401
    # JSON that is sent as what curl takes it for
    new='{"customerOrganization":"Fjäll AB","customerName":"Åsa",
        "customerEmail":"a@fjall.example","languageCode":"sv","customerAddress":{"street":"1","city":"Kiruna","state":"BD",
        "zip":"98131","country":"SE"},"alternateEmail":"","customerTitle":""}'
    same "$(call -H "$bearer" -d "$new" "$v3/customers" | count password)" 1
    same "$(status -H "$bearer" -d "$new" "$v3/customers/")" 412
}

"$1"
echo arrived
