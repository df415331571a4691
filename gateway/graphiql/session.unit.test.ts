import { createSession } from './session.ts';

const placed = { placeOrder: { order: { id: 'o1' } } };
const request = (variables: Record<string, unknown>) => ({ query: '{ a }', variables });

test('replaces variables with values of earlier answers and new ids', () => {
  let count = 0;
  const session = createSession(() => `uuid-${(count += 1)}`);
  session.remember({ products: { nodes: [{ id: 'p1' }, { id: 'p2' }] } });
  session.remember(placed);
  const variables = { a: '{{productId}}', b: '{{orderId}}', c: '{{uuid}}', d: 'x {{uuid}}', e: 3 };
  expect(session.fillVariables(request(variables)).variables).toEqual({
    a: 'p1',
    b: 'o1',
    c: 'uuid-1',
    d: 'x {{uuid}}',
    e: 3,
  });
  expect(session.fillVariables(request({ key: '{{uuid}}' })).variables).toEqual({ key: 'uuid-2' });
});

test('names the operation that provides a missing value', () => {
  const session = createSession(() => 'u');
  session.remember(null);
  session.remember({ products: { nodes: [] } });
  expect(() => session.fillVariables(request({ a: '{{productId}}' }))).toThrow(
    '{{productId}} is unknown. Run Products first, or write a value in Variables.',
  );
  expect(() => session.fillVariables(request({ a: '{{other}}' }))).toThrow('{{other}} is unknown. Write a value');
});

test('adds the access token of the last sign-in when the header has none', () => {
  const session = createSession(() => 'u');
  expect(session.addToken({ Authorization: 'Bearer ' })).toEqual({});
  session.remember({ register: { tokens: { accessToken: 't1' } } });
  session.remember(placed);
  expect(session.addToken({})).toEqual({ Authorization: 'Bearer t1' });
  expect(session.addToken({ authorization: 'Bearer ', x: 'y' })).toEqual({ authorization: 'Bearer t1', x: 'y' });
  expect(session.addToken({ Authorization: 'Bearer mine' })).toEqual({ Authorization: 'Bearer mine' });
  session.remember({ login: { tokens: { accessToken: 't2' } } });
  expect(session.addToken({})).toEqual({ Authorization: 'Bearer t2' });
  session.signOut();
  expect(session.addToken({})).toEqual({});
});
