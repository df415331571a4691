import { exposeError } from './expose.ts';

test.each([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'SERVICE_UNAVAILABLE',
  'PERSISTED_QUERY_NOT_FOUND',
  'COST_LIMIT_EXCEEDED',
])('%s passes', (code) => {
  const error = {
    message: 'm',
    path: ['a', 0],
    extensions: { code, service: 'order', serviceName: 'order', stacktrace: ['at x'] },
  };
  expect(exposeError(error, { requestId: 'r1' })).toEqual({
    message: 'm',
    path: ['a', 0],
    extensions: { code, service: 'order' },
  });
});

test('an exceeded limit contains its numbers', () => {
  const extensions = { code: 'DEPTH_LIMIT_EXCEEDED', limit: 15, actual: 48 };
  expect(exposeError({ message: 'm', extensions: { ...extensions, http: {} } }).extensions).toEqual(extensions);
});

const unexpected = {
  message: 'connect ECONNREFUSED 10.0.0.3:5432',
  extensions: { code: 'P2002', reason: 'connect ECONNREFUSED', stacktrace: ['at x'], exception: {} },
};

test('a masked error shows neither reason nor stack', () => {
  expect(exposeError(unexpected).extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
});

test('a masked error keeps reason and stack when reasons are exposed', () => {
  expect(exposeError(unexpected, { exposeReasons: true })).toEqual({
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'connect ECONNREFUSED', stacktrace: ['at x'] },
  });
});

test.each([undefined, 'INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR', 'P2002'])('code %s is masked', (code) => {
  const error = { message: 'connect ECONNREFUSED 10.0.0.3:5432', path: ['a'], extensions: { code, exception: {} } };
  expect(exposeError(error, { requestId: 'r1' })).toEqual({
    message: 'Something went wrong on our side.',
    path: ['a'],
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
  });
});
