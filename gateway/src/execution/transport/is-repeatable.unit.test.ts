import { parse } from 'graphql';
import { readSupergraph } from '../../supergraph/index.ts';
import { isRepeatable } from './is-repeatable.ts';

const supergraph = readSupergraph('type Query { a: String }');
const check = (query: string, variables: Record<string, unknown> = {}) =>
  isRepeatable({ document: parse(query), variables }, supergraph);

test.each([
  ['{ products { nodes { id } } }', {}],
  ['query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id } } }', {}],
  ['query { _service { sdl } }', {}],
  [
    'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }',
    { input: { idempotencyKey: 'k' } },
  ],
  ['mutation ($key: String!) { placeOrder(input: { idempotencyKey: $key }) { __typename } }', { key: 'k' }],
  ['mutation { __typename placeOrder(input: { idempotencyKey: "k" }) { __typename } }', {}],
  [
    'mutation { a: payOrder(input: { idempotencyKey: "a" }) { x } b: payOrder(input: { idempotencyKey: "b" }) { x } }',
    {},
  ],
])('%s is repeatable', (query, variables) => {
  expect(check(query, variables)).toBe(true);
});

test.each([
  ['mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename } }', { input: { orderId: '1' } }],
  [
    'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }',
    { input: { idempotencyKey: null } },
  ],
  ['mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }', {}],
  ['mutation { logout }', {}],
  ['mutation { a: payOrder(input: { idempotencyKey: "a" }) { x } logout }', {}],
  ['mutation { ...F } fragment F on Mutation { logout }', {}],
  ['subscription { changed }', {}],
])('%s is not repeatable', (query, variables) => {
  expect(check(query, variables)).toBe(false);
});
