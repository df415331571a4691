import { createLogger } from '@shop/process';
import { GraphQLError } from 'graphql';
import { createErrorMasking } from './mask-errors.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const cause = new Error('the password is hunter2');
const thrown = new GraphQLError(cause.message, { originalError: cause, path: ['a'] });
const formatted = { message: cause.message, path: ['a'], extensions: { code: 'INTERNAL_SERVER_ERROR' } };
const masked = { message: 'Something went wrong on our side.', path: ['a'] };

test('an unexpected error is masked', () => {
  const { formatError } = createErrorMasking({ logger, service: 'order' });
  expect(formatError(formatted, thrown)).toEqual({ ...masked, extensions: { code: 'INTERNAL_SERVER_ERROR' } });
});

test('an unexpected error has its reason and its stack when reasons are exposed', () => {
  const { formatError } = createErrorMasking({ logger, service: 'order', exposeReasons: true });
  const { extensions, ...rest } = formatError(formatted, thrown);
  expect(rest).toEqual(masked);
  expect(extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', reason: 'the password is hunter2' });
  expect((extensions?.['stacktrace'] as string[])[0]).toBe('Error: the password is hunter2');
});

test('a reason that came from a subgraph is kept', () => {
  const { formatError } = createErrorMasking({ logger, service: 'gateway', exposeReasons: true });
  const extensions = { code: 'INTERNAL_SERVER_ERROR', reason: 'first', stacktrace: ['at b'] };
  expect(formatError({ ...formatted, extensions }, thrown).extensions).toEqual(extensions);
});

test('an unavailable service is reported as such', () => {
  const { formatError } = createErrorMasking({ logger, service: 'order', isUnavailable: (error) => error === cause });
  expect(formatError(formatted, thrown)).toEqual({
    message: 'The order service cannot do its work now. Try again later.',
    path: ['a'],
    extensions: { code: 'SERVICE_UNAVAILABLE', service: 'order' },
  });
});

test('an error without extensions is logged like any other', async () => {
  const lines: string[] = [];
  const capturing = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const { plugin } = createErrorMasking({ logger: capturing, service: 'gateway' });
  const listener = await plugin.requestDidStart?.({} as never);
  const request = { errors: [new Error('no list')], request: {} };
  await listener?.didEncounterErrors?.(request as never);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { msg: 'an error was masked', err: { message: 'no list' } },
  ]);
});
