#!/usr/bin/env bash
# One order from registration to refund, with curl: `npm run demo`, while `npm start` runs in another terminal.
# GATEWAY_URL names another gateway. Needs bash, curl and node.
set -euo pipefail

url=${GATEWAY_URL:-http://127.0.0.1:${GATEWAY_PORT:-4000}}/graphql
token=''
answer=''

# send TITLE QUERY VARIABLES: sends an operation, prints the answer, and keeps it in $answer.
send() {
  printf '\n== %s\n' "$1"
  local body
  body=$(node -p 'JSON.stringify({ query: process.argv[1], variables: JSON.parse(process.argv[2]) })' "$2" "${3:-{\}}")
  if ! answer=$(curl --silent --show-error --max-time 30 "$url" \
    --header 'content-type: application/json' ${token:+--header "authorization: Bearer $token"} --data "$body"); then
    echo "No answer from $url. Start the system with \"npm start\", or set GATEWAY_URL, with https:// if the gateway has a certificate." >&2
    exit 1
  fi
  node -e '
    const text = process.argv[1];
    let parsed;
    try { parsed = JSON.parse(text); } catch { console.error(`The answer is not JSON: ${text.slice(0, 300)}`); process.exit(1); }
    if (parsed.errors) { console.error(JSON.stringify(parsed.errors, null, 2)); process.exit(1); }
    const isToken = (key) => /token$/i.test(key);
    const shorten = (key, value) => (isToken(key) && typeof value === "string" ? `${value.slice(0, 12)}…` : value);
    console.log(JSON.stringify(parsed.data, shorten, 2));
  ' "$answer"
}

# read_value PATH: a value of the last answer, by its path in the data, such as placeOrder.order.id.
read_value() {
  node -e '
    const value = process.argv[2].split(".").reduce((at, key) => at?.[key], JSON.parse(process.argv[1]).data);
    if (value == null) { console.error(`The last answer has no ${process.argv[2]}.`); process.exit(1); }
    console.log(value);
  ' "$answer" "$1"
}

# watch_until ORDER_ID STATUS: subscribes to the order and prints each message until it has the status, for 30 seconds at most.
# Node starts curl, to end it after the message: curl itself would wait for the next one.
watch_until() {
  printf '\n== Watch the order until it is %s\n' "$2"
  node -e '
    const [url, token, id, status] = process.argv.slice(1);
    const query = "subscription Watch($id: ID!) { orderUpdated(id: $id) { number status statusReason history { type at } } }";
    const curl = require("node:child_process").spawn("curl", [
      "--no-buffer", "--silent", "--show-error", "--max-time", "30", url,
      "--header", "content-type: application/json", "--header", "accept: text/event-stream",
      "--header", `authorization: Bearer ${token}`, "--data", JSON.stringify({ query, variables: { id } }),
    ], { stdio: ["ignore", "pipe", "inherit"] });
    let isReached = false;
    require("node:readline").createInterface({ input: curl.stdout }).on("line", (line) => {
      if (isReached || !/^(data: )?\{/.test(line)) return;
      const { data, errors } = JSON.parse(line.replace(/^data: /, ""));
      console.log(JSON.stringify(errors ?? data, null, 2));
      isReached = data?.orderUpdated?.status === status;
      if (isReached || errors) curl.kill();
    });
    curl.on("close", () => {
      if (isReached) return;
      console.error(`The order did not become ${status} within 30 seconds.`);
      process.exitCode = 1;
    });
  ' "$url" "$token" "$1" "$2"
}

email="demo-$(date +%s)-$RANDOM@example.com"
send 'Register a customer' \
  'mutation Register($input: RegisterInput!) {
    register(input: $input) {
      __typename
      ... on RegisterSuccess { user { email role } tokens { accessToken } }
      ... on UserError { code message }
    }
  }' "{ \"input\": { \"email\": \"$email\", \"password\": \"correct horse battery staple\", \"name\": \"Ada\" } }"
token=$(read_value register.tokens.accessToken)

send 'Find a product' \
  'query Find { products(first: 1, filter: { inStock: true, search: "mug" }) { nodes { id name price { amount currencyCode } } } }'
product=$(read_value products.nodes.0.id)

send 'Place an order' \
  'mutation Place($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
      ... on PlaceOrderSuccess { order { id number status total { amount currencyCode } } }
      ... on UserError { code message }
    }
  }' "{ \"input\": {
    \"items\": [{ \"productId\": \"$product\", \"quantity\": 1 }],
    \"shippingAddress\": { \"street\": \"1 Main Street\", \"city\": \"Springfield\", \"postalCode\": \"12345\", \"country\": \"US\" },
    \"idempotencyKey\": \"first-order\"
  } }"
order=$(read_value placeOrder.order.id)
watch_until "$order" RESERVED

send 'Pay' \
  'mutation Pay($input: PayOrderInput!) {
    payOrder(input: $input) {
      __typename
      ... on PayOrderSuccess { order { status } payment { status } }
      ... on UserError { code message }
    }
  }' "{ \"input\": { \"orderId\": \"$order\", \"paymentToken\": \"tok_visa\", \"idempotencyKey\": \"first-payment\" } }"
watch_until "$order" PAID

send 'Cancel, which refunds the payment' \
  'mutation Cancel($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
      __typename
      ... on CancelOrderSuccess { order { status } }
      ... on UserError { code message }
    }
  }' "{ \"input\": { \"orderId\": \"$order\", \"reason\": \"Changed my mind.\" } }"
watch_until "$order" CANCELLED

printf '\nDone: %s was placed, reserved, paid and cancelled by %s.\n' "$order" "$email"
