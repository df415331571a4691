import { readAnswer, readConformingData } from './read-answer.ts';

const json = (body: unknown, status = 200, contentType = 'application/json; charset=utf-8') =>
  readAnswer({ status, contentType, text: typeof body === 'string' ? body : JSON.stringify(body) });

test('a response with any status below 500 is read', () => {
  expect(json({ data: { a: 1 }, extensions: { secret: true } })).toEqual({ data: { a: 1 } });
  const error = { message: 'No.', path: ['a'], extensions: { code: 'FORBIDDEN' } };
  expect(json({ data: null, errors: [error] }, 400, 'application/graphql-response+json')).toEqual({
    data: null,
    errors: [error],
  });
});

test.each(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_REQUEST', 'INTERNAL_SERVER_ERROR', undefined])(
  'an error with code %s is not passed to the client',
  (code) => {
    expect(json({ errors: [{ message: 'm', extensions: { code, exception: {} } }] }, 400)).toEqual({
      errors: [{ message: 'm', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
  },
);

test.each(['UNAUTHENTICATED', 'BAD_USER_INPUT', 'SERVICE_UNAVAILABLE', 'RESPONSE_SIZE_LIMIT_EXCEEDED'])(
  'an error with code %s is passed to the client',
  (code) => {
    const errors = [{ message: 'm', extensions: { code, limit: 7 } }];
    expect(json({ data: null, errors })).toEqual({ data: null, errors });
  },
);

test('of many errors the first are kept, with their number', () => {
  const errors = Array.from({ length: 500 }, () => ({ message: 'm', extensions: { code: 'FORBIDDEN' } }));
  const note = { message: 'More errors were left out.', extensions: { code: 'ERRORS_LEFT_OUT' } };
  expect(json({ data: {}, errors })).toEqual({ data: {}, errors: [...errors.slice(0, 99), note], errorCount: 500 });
});

test.each([
  ['500', json({ data: {} }, 500)],
  ['401', json({ errors: [] }, 401)],
  ['HTML', json('<html>', 200, 'text/html')],
  ['no content type', json('{}', 200, '')],
  ['a prefix of JSON', json('{"data":', 200)],
  ['a list', json([])],
  ['nothing', json({})],
  ['data that is no object', json({ data: 'x' })],
  ['errors that are no list', json({ errors: {} })],
  ['errors without message', json({ errors: [{}] })],
])('%s is not a valid answer', (_name, answer) => {
  expect(answer).toEqual(expect.any(String));
});

describe('data that are not read', () => {
  const answer = {
    status: 200,
    contentType: 'application/json',
    isConforming: true,
    text: `${JSON.stringify({ data: { a: '}}' } })}\n`,
  };

  test('are the text of an answer that a subgraph vouches for', () => {
    expect(readConformingData(answer)).toBe('{"a":"}}"}');
    expect(readConformingData({ ...answer, text: '{"data":{}}\n' })).toBe('{}');
  });

  test.each([
    ['the subgraph does not vouch', { isConforming: false }],
    ['the status is another', { status: 202 }],
    ['there are no data', { text: '{"data":null}\n' }],
    ['there are errors before the data', { text: '{"errors":[],"data":{}}\n' }],
    ['the end has not come', { text: '{"data":{"a":1}' }],
    ['there is nothing', { text: '' }],
  ])('are read when %s', (_what, change) => {
    expect(readConformingData({ ...answer, ...change })).toBe(undefined);
  });
});
