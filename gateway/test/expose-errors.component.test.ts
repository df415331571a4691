import { testResolvers } from './resolvers.ts';
import { execute, startSystem, type System } from './system.ts';

/** Starts a system, queries a field whose resolver throws, and stops the system. */
async function crash(options: Parameters<typeof startSystem>[1]) {
  const system: System = await startSystem(testResolvers, options);
  const answer = await execute(system.gateway.url, '{ crash refused }');
  await system.close();
  return answer;
}

test('a client gets the reason and the stack of an unexpected error when gateway and subgraphs expose them', async () => {
  const { data, errors = [] } = await crash({ exposeInSubgraphs: true, config: { exposeErrors: true } });
  expect(data).toEqual({ crash: null, refused: null });
  const [unexpected, refused] = errors;
  expect(unexpected).toMatchObject({
    message: 'Something went wrong on our side.',
    path: ['crash'],
    extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'the password of 10.0.0.3 is hunter2' },
  });
  const stacktrace = unexpected?.extensions['stacktrace'] as string[];
  expect(stacktrace[0]).toBe('Error: the password of 10.0.0.3 is hunter2');
  expect(stacktrace.join('\n')).toContain('resolvers.ts');
  // An expected error has a message and no reason.
  expect(refused?.extensions).toEqual({ code: 'FORBIDDEN', scope: 'product:write' });
});

test.each([
  ['by default', {}],
  ['when only the subgraphs expose them', { exposeInSubgraphs: true }],
  ['in production', { exposeInSubgraphs: true, config: { isProduction: true } }],
])('clients do not get the reason and the stack %s', async (_name, options) => {
  const { errors = [] } = await crash(options);
  expect(Object.keys(errors[0]?.extensions ?? {}).sort()).toEqual(['code', 'requestId']);
  expect(JSON.stringify(errors)).not.toMatch(/hunter2|stacktrace|resolvers\.ts/);
});

test('the gateway exposes the reason that it knows', async () => {
  // The subgraph masks its error, so the gateway knows only the masked message.
  const { errors = [] } = await crash({ config: { exposeErrors: true } });
  expect(JSON.stringify(errors)).not.toContain('hunter2');
  expect(errors[0]?.extensions).toMatchObject({ reason: 'Something went wrong on our side.' });
});
