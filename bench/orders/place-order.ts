const MUTATION = `mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    __typename
    ... on PlaceOrderSuccess { order { id number status total { amount currencyCode } } }
    ... on UserError { code message }
  }
}`;

/** Placeholder for the idempotency key, which differs for each order. */
const KEY = 'the-idempotency-key';

/** The body of an order for one unit of a product, in two parts. The idempotency key goes between them. */
export function bodyOf(productId: string): readonly [string, string] {
  const shippingAddress = { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' };
  const input = { items: [{ productId, quantity: 1 }], shippingAddress, idempotencyKey: KEY };
  const [before = '', after = ''] = JSON.stringify({ query: MUTATION, variables: { input } }).split(KEY);
  return [before, after];
}
