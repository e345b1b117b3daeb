// A client of Stellr in JavaScript, written from the reference: node stellr.mjs JOURNEY FACTS.json
// It asks for tokens, walks pages, works on six customers at a time, changes seats and waits, and
// retries as other people's clients do. What it is told about the world stands in the facts.
import assert from "node:assert/strict";
import fs from "node:fs";

const facts = JSON.parse(fs.readFileSync(process.argv[3]));
const { base_url, token_url, client_id, client_secret } = facts.stellr;
const base = (base_url + "/").replace(/\/$/, ""); // people write it with a slash at the end
const form = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" };
const customersPath = "/api/v1/cloud/customers";
const subscriptionsPath = (customer) => `/api/v1/customers/${customer}/subscriptions`;
const retried = new Set([408, 425, 429, 500, 502, 503, 504]);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let tries = []; // of the retrying fetch: status and how long it then waited

function askToken(fields, headers = {}) {
  const body = new URLSearchParams({ grant_type: "client_credentials", ...fields }).toString();
  return fetch(token_url, { method: "POST", headers: { ...form, ...headers }, body });
}

class Client {
  static async start() {
    const client = new Client();
    await client.renew();
    return client;
  }

  async renew() {
    const answer = await askToken({ client_id, client_secret });
    assert.equal(answer.status, 200);
    this.token = (await answer.json()).access_token;
  }

  // Up to three tries; a whole number of seconds in Retry-After is waited for.
  async send(path, { method = "GET", body, token = this.token } = {}) {
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    for (let attempt = 1; ; attempt++) {
      const begin = Date.now();
      const answer = await fetch(base + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
        cache: "no-store",
      });
      const text = await answer.text();
      if (!retried.has(answer.status) || attempt === 3 || method !== "GET")
        return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
      const after = Number(answer.headers.get("retry-after") ?? NaN);
      const wait = Number.isNaN(after) ? 2 ** (attempt - 1) * 1000 : after * 1000;
      tries.push({ status: answer.status, after, wait, took: Date.now() - begin });
      await sleep(wait);
    }
  }

  async good(path, options) {
    const answer = await this.send(path, options);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    assert.deepEqual(Object.keys(answer.json), ["requestId", "data"]);
    assert.match(answer.json.requestId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    return answer.json.data;
  }

  async refused(path, status, code, options) {
    const answer = await this.send(path, options);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
    assert.deepEqual(Object.keys(answer.json), ["requestId", "data"]);
    assert.deepEqual(Object.keys(answer.json.data), ["errorCode", "errorMessage"]);
    assert.equal(answer.json.data.errorCode, code);
  }

  // Until a page is short, or the total is reached.
  async all(path, pageSize = 100) {
    const rows = [];
    let pages = 0;
    for (let pageNo = 1; pageNo <= 1000; pageNo++) {
      const [p, q = ""] = path.split("?");
      const query = new URLSearchParams(q);
      query.set("pageNo", pageNo);
      query.set("pageSize", pageSize);
      const data = await this.good(`${p}?${query}`);
      pages++;
      rows.push(...data.records);
      if (data.records.length < pageSize || rows.length >= data.total) break;
    }
    return { rows, pages };
  }

  // Two looks, and no more: the first finds it running, the second done.
  async done(operation, wanted = "Success") {
    assert.match(operation.operationId, /^OP-\d+$/);
    assert.equal(operation.status, "Pending");
    const path = `/api/v1/subscriptions/operations/${operation.operationId}`;
    const seen = [];
    let now;
    do {
      now = await this.good(path);
      seen.push(now.status);
    } while (now.status === "Processing" && seen.length < 20);
    assert.equal(now.status, wanted);
    assert.equal(now.operationId, operation.operationId);
    return now;
  }

  async allSubscriptions() {
    const { rows: customers } = await this.all(customersPath);
    const found = [];
    for (const { customerNo } of customers)
      found.push(...(await this.all(subscriptionsPath(customerNo))).rows);
    return found;
  }
}

const isLive = (s) => s.status === null || s.status === "Active";
const annualLine = (rows) =>
  rows.find(
    (s) =>
      isLive(s) &&
      s.vendorName === "Microsoft" &&
      /Annual commit/.test(s.productName) &&
      s.quantity > 5,
  );

const journeys = {
  async tokens() {
    const inBody = await askToken({ client_id, client_secret, scope: "" });
    const body = await inBody.json();
    assert.deepEqual(Object.keys(body).sort(), ["access_token", "expires_in", "token_type"]);
    assert.deepEqual([inBody.status, body.expires_in, body.token_type], [200, 7200, "Bearer"]);
    assert.match(body.access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/); // looks like a JWT

    const pair = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
    for (const scheme of ["Basic", "basic"]) {
      const answer = await askToken({}, { Authorization: `${scheme} ${pair}` });
      assert.equal(answer.status, 200, scheme);
      const { access_token } = await answer.json();
      assert.notEqual(access_token, body.access_token);
    }
    const refusals = [
      [{ client_id, client_secret: "wrong" }, 401, "invalid_client"],
      [{ client_id: "nobody", client_secret }, 401, "invalid_client"],
      [
        { grant_type: "password", client_id, client_secret, username: "u", password: "p" },
        400,
        "unsupported_grant_type",
      ],
      [{ grant_type: "", client_id, client_secret }, 400, "invalid_request"],
    ];
    for (const [fields, status, error] of refusals) {
      const answer = await askToken(fields);
      const told = await answer.json();
      assert.deepEqual([answer.status, told.error], [status, error]);
      assert.deepEqual(Object.keys(told), ["error", "error_description"]);
    }
    const client = await Client.start();
    await client.refused("/api/v1/cloud/vendors", 401, "UNAUTHORIZED", { token: "stale" });
    const byKey = await fetch(base + "/api/v1/cloud/vendors", { headers: { "x-api-key": "k" } });
    assert.equal(byKey.status, 401);
  },

  async expiry() {
    // The simulator was started with tokens that live two seconds: drop, ask anew, repeat once.
    const client = await Client.start();
    await sleep(2200);
    const path = `${customersPath}?pageNo=1&pageSize=100`;
    let answer = await client.send(path);
    assert.equal(answer.status, 401);
    await client.renew();
    answer = await client.send(path);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.data.total, facts.customers);
  },

  async pages() {
    const client = await Client.start();
    for (const query of ["", "?pageNo=1", "?pageSize=100"])
      assert.deepEqual(await client.good(customersPath + query), { total: 0, records: [] });
    for (const pageSize of [1, 7, 100, 200]) {
      const { rows, pages } = await client.all(customersPath, pageSize);
      assert.equal(rows.length, facts.customers);
      assert.equal(new Set(rows.map((c) => c.customerNo)).size, facts.customers);
      assert.equal(pages, Math.ceil(facts.customers / pageSize));
    }
    for (const query of ["pageNo=1&pageSize=201", "pageNo=0&pageSize=5", "pageNo=1&pageSize=x"])
      await client.refused(`${customersPath}?${query}`, 400, "INVALID_PARAMETER");
    const past = await client.good(`${customersPath}?pageNo=99&pageSize=50&unheard=of&page_no=1`);
    assert.deepEqual(past, { total: facts.customers, records: [] });
    const [one] = (await client.good(`${customersPath}/?pageNo=1&pageSize=1`)).records;
    assert.equal(typeof one.customerNo, "number");
    assert.deepEqual(await client.good(`${customersPath}/${one.customerNo}/`), one);
    for (const key of ["address1", "city", "state", "zipCode"])
      assert.equal(typeof one[key], "string");
    await client.refused(`${customersPath}/1`, 404, "NOT_FOUND");
    const vendors = await client.good("/api/v1/cloud/vendors"); // needs no paging
    assert.deepEqual(
      vendors.records.map((v) => v.vendorId),
      ["Microsoft", "Google", "Cisco"],
    );
    // collected >= total, or an empty page, as another reader of products stops
    const products = [];
    for (let pageNo = 1; ; pageNo++) {
      const query = `pageNo=${pageNo}&pageSize=20&includeEOL=N&%24search=business`;
      const data = await client.good(`/api/v2/vendors/Microsoft/cloud/products?${query}`);
      products.push(...data.records);
      if (products.length >= data.total || data.records.length === 0) break;
    }
    assert.ok(products.length > 1 && products.every((p) => /business/i.test(p.productName)));
    const plain = await client.good(
      "/api/v2/vendors/Microsoft/cloud/products?pageNo=1&pageSize=200&$search=business",
    );
    assert.deepEqual(plain.records, products);
    const [p] = products;
    assert.deepEqual(
      await client.good(`/api/v1/cloud/products/skuNo/${p.skuNo}`),
      await client.good(`/api/v1/cloud/products/${p.productId}`),
    );
    const part = encodeURIComponent(p.mfgPartNo);
    const same = await client.all(`/api/v2/vendors/Microsoft/cloud/products?mfgPartNo=${part}`);
    assert.ok(same.rows.length > 0 && same.rows.every((x) => x.mfgPartNo === p.mfgPartNo));
    await client.refused(`/api/v1/cloud/products/${p.productId}/images`, 404, "NOT_FOUND");
  },

  async parallel() {
    const client = await Client.start();
    const { rows: customers } = await client.all(customersPath);
    const found = new Map();
    let cursor = 0;
    const worker = async () => {
      while (cursor < customers.length) {
        const { customerNo } = customers[cursor++];
        for (const s of (await client.all(subscriptionsPath(customerNo), 3)).rows) {
          assert.equal(s.customerNo, customerNo);
          assert.equal(s.subscriptionId, `${s.contractNo}_${s.lineNo}`);
          assert.ok(!found.has(s.subscriptionId));
          found.set(s.subscriptionId, s);
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    assert.equal(found.size, facts.subscriptions);
    const wide = await client.all("/api/v1/cloud/subscriptions", 40);
    assert.deepEqual(new Map(wide.rows.map((s) => [s.subscriptionId, s])), found);
    for (const s of found.values()) {
      assert.match(s.startDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/);
      assert.ok(!("msrp" in s));
      assert.ok(!Number.isNaN(new Date(s.startDate).getTime()));
    }
    const rows = [...found.values()];
    assert.ok(
      rows.some((s) => s.status === null) && rows.some((s) => s.vendorName !== "Microsoft"),
    );
    const { customerNo } = customers[0];
    assert.deepEqual(
      (await client.all(`/api/v1/cloud/customers/${customerNo}/subscriptions`)).rows,
      rows
        .filter((s) => s.customerNo === customerNo)
        .sort((a, b) => a.contractNo - b.contractNo || a.lineNo - b.lineNo),
    );
  },

  async seats() {
    const client = await Client.start();
    const line = annualLine(await client.allSubscriptions());
    const path = `${subscriptionsPath(line.customerNo)}/${line.subscriptionId}`;
    const quantity = line.quantity + 3;
    const operation = await client.good(`${path}/changeSeats`, {
      method: "POST",
      body: { quantity, notifyEmail: "", unheard: [1] },
    });
    assert.equal(operation.operationType, "CHANGE_SEATS");
    await client.refused(`${path}/changeSeats`, 409, "OPERATION_IN_PROGRESS", {
      method: "POST",
      body: { quantity: 1 },
    });
    const end = await client.done(operation);
    assert.deepEqual(end.result, { quantity });
    const after = await client.good(path);
    assert.deepEqual(
      [after.quantity, after.startDate, after.endDate],
      [quantity, line.startDate, line.endDate],
    );
    const logs = await client.all(
      `${subscriptionsPath(line.customerNo)}/changelogs?contractNo=${line.contractNo}`,
    );
    const own = logs.rows.filter((l) => l.subscriptionId === line.subscriptionId);
    assert.equal(
      own.filter((l) => l.changeLog === "Add 3 seats").at(-1)?.customerNo,
      line.customerNo,
    );
    await client.refused(`${path}/changeSeats`, 422, "SEAT_REDUCTION_NOT_ALLOWED", {
      method: "POST",
      body: { quantity: 1 },
    });
    await client.refused(`${path}/changeSeats`, 400, "INVALID_PARAMETER", {
      method: "POST",
      body: { quantity: 0 },
    });
    await client.refused(`${path}/cancel`, 422, "CANCELLATION_WINDOW_CLOSED", {
      method: "POST",
      body: {},
    });
    // suspend, and back by either verb, the odd one spelt as it is
    for (const [verb, status] of [
      ["suspend", "Suspended"],
      ["activate", "Active"],
      ["suspend", "Suspended"],
      ["reactive", "Active"],
    ]) {
      await client.done(
        await client.good(`${path}/${verb}`, { method: "POST", body: { reason: "x" } }),
      );
      const { status: now } = await client.good(path);
      assert.ok(now === status || (status === "Active" && now === null), `${verb}: ${now}`);
    }
  },

  async batch() {
    const client = await Client.start();
    const address = {
      address1: "1 Elm",
      city: "Reno",
      state: "NV",
      zipCode: "89501",
      country: "US",
    };
    const body = {
      companyName: "Stranger & Söhne",
      ...address,
      contactName: "Ann Ray",
      email: "a@stranger.example",
      phone: "1",
      domain: "stranger.example",
    };
    const { customerNo } = await client.good(customersPath, { method: "POST", body });
    const { rows: products } = await client.all("/api/v2/vendors/Microsoft/cloud/products");
    const monthly = products.filter(
      (p) => p.billingFrequency === "month" && /Annual commit/.test(p.productName),
    );
    const good = monthly.filter((p) => !p.isAddOn).slice(0, 2);
    const bad = monthly.find((p) => p.isAddOn); // its base is not there
    const order = {
      vendorId: "Microsoft",
      rsPoNo: "PO-1",
      notifyEmail: "",
      subscriptions: [
        { skuNo: good[0].skuNo, quantity: 3 },
        { skuNo: bad.skuNo, quantity: 3 },
        { productId: good[1].productId, quantity: 4 },
      ],
    };
    const post = { method: "POST", body: order };
    await client.refused(subscriptionsPath(customerNo), 422, "AGREEMENT_NOT_ACCEPTED", post);
    const agreement = `/api/v1/customers/${customerNo}/agreements/MCA`;
    assert.equal((await client.good(agreement)).accepted, false);
    const primaryContact = {
      firstName: "Ann",
      lastName: "Ray",
      email: "a@stranger.example",
      phone: "1",
    };
    const accepted = await client.good(agreement, {
      method: "POST",
      body: { dateAgreed: "2026-01-31", primaryContact },
    });
    assert.deepEqual([accepted.accepted, accepted.dateAgreed], [true, "2026-01-31"]);
    await client.refused(subscriptionsPath(customerNo), 422, "VENDOR_ACCOUNT_MISSING", post);
    const account = {
      accountType: "Customer",
      vendorId: "Microsoft",
      customerNo,
      isNewTenant: true,
      domainPrefix: "stranger",
    };
    const made = await client.good("/api/v1/cloud/vendors/account", {
      method: "POST",
      body: account,
    });
    assert.equal(typeof made.initialPassword, "string");
    const kept = await client.all(`/api/v1/cloud/vendors/account?customerNo=${customerNo}`);
    assert.deepEqual(
      kept.rows.map((a) => [a.accountId, "initialPassword" in a]),
      [[made.accountId, false]],
    );
    const end = await client.done(
      await client.good(subscriptionsPath(customerNo), post),
      "Partial",
    );
    assert.deepEqual(
      end.items.map((i) => i.status),
      ["Success", "Failed", "Success"],
    );
    assert.deepEqual(
      end.items.map((i) => typeof i.errorCode),
      ["undefined", "string", "undefined"],
    );
    const { rows } = await client.all(subscriptionsPath(customerNo));
    assert.deepEqual(
      rows.map((s) => [s.skuNo, s.quantity, s.lineNo]),
      [
        [good[0].skuNo, 3, 1],
        [good[1].skuNo, 4, 2],
      ],
    );
    assert.equal(new Set(rows.map((s) => s.contractNo)).size, 1);
    const { rows: google } = await client.all("/api/v2/vendors/Google/cloud/products");
    const two = google.slice(0, 2).map((p) => ({ skuNo: p.skuNo, quantity: 1 }));
    await client.refused(subscriptionsPath(customerNo), 422, "BATCH_NOT_SUPPORTED", {
      method: "POST",
      body: { vendorId: "Google", subscriptions: [two[0], two.at(-1)] },
    });
    assert.equal((await client.all(subscriptionsPath(customerNo))).rows.length, 2);
  },

  async changelogs() {
    const client = await Client.start();
    const line = annualLine(await client.allSubscriptions());
    const spellings = ["changelogs", "change-logs", "changeLogs", "change-log", "changelog"];
    let first;
    for (const cloud of ["", "cloud/"])
      for (const spelling of spellings) {
        const below = `/api/v1/${cloud}customers/${line.customerNo}/subscriptions`;
        const path = `${below}/${spelling}?contractNo=${line.contractNo}`;
        const { rows } = await client.all(path, 2);
        first ??= rows;
        assert.deepEqual(rows, first, path);
      }
    assert.ok(first.length > 0);
    for (const entry of first) {
      assert.equal(entry.contractNo, line.contractNo);
      assert.match(entry.entryDatetime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/);
    }
    const path = `${subscriptionsPath(line.customerNo)}/changelogs`;
    assert.deepEqual(await client.good(`${path}?contractNo=${line.contractNo}`), {
      total: 0,
      records: [],
    });
    await client.refused(`${path}?pageNo=1&pageSize=5`, 400, "MISSING_PARAMETER");
    const since = first
      .map((e) => e.entryDatetime.slice(0, 10))
      .sort()
      .at(-1);
    const late = await client.all(`${path}?contractNo=${line.contractNo}&startDate=${since}`);
    assert.deepEqual(
      late.rows,
      first.filter((e) => e.entryDatetime.slice(0, 10) >= since),
    );
    await client.refused(
      `${subscriptionsPath(line.customerNo)}/log?pageNo=1&pageSize=5`,
      404,
      "NOT_FOUND",
    );
  },

  async limits() {
    // The simulator answers the first two requests for customers with 429 and Retry-After: 1.
    const client = await Client.start();
    const begin = Date.now();
    const { rows } = await client.all(customersPath);
    assert.equal(rows.length, facts.customers);
    assert.deepEqual(
      tries.map((t) => [t.status, t.after]),
      [
        [429, 1],
        [429, 1],
      ],
    );
    assert.ok(Date.now() - begin >= 2000);
    tries = [];
    assert.equal((await client.all(customersPath)).rows.length, facts.customers);
    assert.deepEqual(tries, []);
  },

  async two() {
    // Two clients with the same credentials read the same; of two changes one goes through.
    const [a, b] = await Promise.all([Client.start(), Client.start()]);
    assert.notEqual(a.token, b.token);
    const [rows, others] = await Promise.all([a.allSubscriptions(), b.allSubscriptions()]);
    assert.equal(rows.length, facts.subscriptions);
    assert.deepEqual(rows, others);
    const line = annualLine(rows);
    const path = `${subscriptionsPath(line.customerNo)}/${line.subscriptionId}`;
    const change = (client, more) =>
      client.send(`${path}/changeSeats`, {
        method: "POST",
        body: { quantity: line.quantity + more },
      });
    const answers = await Promise.all([change(a, 1), change(b, 2)]);
    assert.deepEqual(answers.map((x) => x.status).sort(), [200, 409]);
    const won = answers[0].status === 200 ? 1 : 2;
    await b.done(answers[won - 1].json.data); // the other one's operation can be seen, too
    assert.equal((await a.good(path)).quantity, line.quantity + won);
  },
};

await journeys[process.argv[2]]();
console.log("arrived");
