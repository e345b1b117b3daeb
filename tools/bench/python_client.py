"""What one would write as a script to read both marketplaces: one call after another over a kept
connection, page by page, with the usual library. Prints the numbers of customers and subscriptions.

Usage: python_client.py CREDENTIALS, the file that `stellion simulate --credentials` writes."""
import json
import sys

import requests

PAGE = 200
STELLR_PAGE = 100


def get(session, url, **query):
    answer = session.get(url, params=query, timeout=60)
    answer.raise_for_status()
    return answer.json()


def sign_in(url, **form):
    answer = requests.post(url, data=form, timeout=30)
    answer.raise_for_status()
    session = requests.Session()
    session.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
    return session


def stellr_list(session, url):
    number, seen, total = 1, 0, None
    while total is None or seen < total:
        data = get(session, url, pageNo=number, pageSize=STELLR_PAGE)["data"]
        yield from data["records"]
        number, seen, total = number + 1, seen + len(data["records"]), data["total"]


def read_stellr(base_url, token_url, client_id, client_secret):
    session = sign_in(
        token_url, grant_type="client_credentials", client_id=client_id, client_secret=client_secret
    )
    customers = list(stellr_list(session, f"{base_url}/api/v1/cloud/customers"))
    subscriptions = 0
    for customer in customers:
        url = f"{base_url}/api/v1/customers/{customer['customerNo']}/subscriptions"
        subscriptions += sum(1 for _ in stellr_list(session, url))
    return len(customers), subscriptions


def ion_customers(session, account):
    query = {"pageSize": PAGE}
    while True:
        page = get(session, f"{account}/customers", **query)
        yield from page["customers"]
        if not page.get("nextPageToken"):
            return
        query["pageToken"] = page["nextPageToken"]


def ion_subscriptions(session, account, customer_id):
    offset, total = 0, None
    while total is None or offset < total:
        page = get(
            session,
            f"{account}/subscriptions",
            **{"customerId": customer_id, "pagination.offset": offset, "pagination.limit": PAGE},
        )
        yield from page["items"]
        offset, total = offset + len(page["items"]), page["paginationResponse"]["totalSize"]


def read_ion(base_url, account_id, refresh_token):
    session = sign_in(
        f"{base_url}/oauth/token", grant_type="refresh_token", refresh_token=refresh_token
    )
    account = f"{base_url}/api/v3/accounts/{account_id}"
    customers = list(ion_customers(session, account))
    subscriptions = 0
    for customer in customers:
        customer_id = customer["name"].rsplit("/", 1)[1]
        subscriptions += sum(1 for _ in ion_subscriptions(session, account, customer_id))
    return len(customers), subscriptions


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        credentials = json.load(file)
    ion = credentials["ion"]
    counts = (
        read_stellr(**credentials["stellr"]),
        read_ion(ion["base_url"], ion["account_id"], ion["refresh_token"]),
    )
    print(*map(sum, zip(*counts)))


if __name__ == "__main__":
    main()
