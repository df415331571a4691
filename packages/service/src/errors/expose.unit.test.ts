import { z } from 'zod';
import { exposeError } from './expose.ts';
import { issuesFrom } from './issues-from.ts';

test.each(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'SERVICE_UNAVAILABLE', 'PERSISTED_QUERY_NOT_FOUND', 'COST_LIMIT_EXCEEDED'])('%s passes', (code) => {
  const error = { message: 'm', path: ['a', 0], extensions: { code, service: 'order', serviceName: 'order', stacktrace: ['at x'] } };
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

test('issues carry a dotted path', () => {
  const schema = z.object({ items: z.array(z.object({ quantity: z.number().min(1, 'must be at least 1') })) });
  const { error } = schema.safeParse({ items: [{ quantity: 0 }] });
  expect(error && issuesFrom(error)).toEqual([{ path: 'items.0.quantity', message: 'must be at least 1' }]);
});
