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

# await_status ORDER_ID STATUS: asks for the order until it has the status, for 30 seconds at most.
await_status() {
  for _ in $(seq 1 60); do
    send "Watch the order until it is $2" \
      'query Watch($id: ID!) { order(id: $id) { number status statusReason history { type at } } }' "{ \"id\": \"$1\" }"
    [ "$(read_value order.status)" = "$2" ] && return
    sleep 0.5
  done
  echo "The order is not $2 after 30 seconds." >&2
  exit 1
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
await_status "$order" RESERVED

send 'Pay' \
  'mutation Pay($input: PayOrderInput!) {
    payOrder(input: $input) {
      __typename
      ... on PayOrderSuccess { order { status } payment { status } }
      ... on UserError { code message }
    }
  }' "{ \"input\": { \"orderId\": \"$order\", \"paymentToken\": \"tok_visa\", \"idempotencyKey\": \"first-payment\" } }"
await_status "$order" PAID

send 'Cancel, which refunds the payment' \
  'mutation Cancel($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
      __typename
      ... on CancelOrderSuccess { order { status } }
      ... on UserError { code message }
    }
  }' "{ \"input\": { \"orderId\": \"$order\", \"reason\": \"Changed my mind.\" } }"
await_status "$order" CANCELLED

printf '\nDone: %s was placed, reserved, paid and cancelled by %s.\n' "$order" "$email"
