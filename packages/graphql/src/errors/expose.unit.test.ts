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
  expect(exposeError(error, 'r1')).toEqual({ message: 'm', path: ['a', 0], extensions: { code, service: 'order' } });
});

test('a limit tells its numbers', () => {
  const extensions = { code: 'DEPTH_LIMIT_EXCEEDED', limit: 15, actual: 48 };
  expect(exposeError({ message: 'm', extensions: { ...extensions, http: {} } }).extensions).toEqual(extensions);
});

test.each([undefined, 'INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR', 'P2002'])('code %s is masked', (code) => {
  const error = { message: 'connect ECONNREFUSED 10.0.0.3:5432', path: ['a'], extensions: { code, exception: {} } };
  expect(exposeError(error, 'r1')).toEqual({
    message: 'Something went wrong on our side.',
    path: ['a'],
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
  });
});
