import { GraphQLError } from 'graphql';
import type { ExecutionRequest, ExecutionResult } from '../execution-stages.ts';
import { reportFaults } from './report-faults.ts';

const run = (result: unknown, context: object = {}) =>
  reportFaults({ context } as ExecutionRequest, async () => result as ExecutionResult) as Promise<
    Record<string, unknown>
  >;

test('faults that the gateway hides in extensions are errors of ours', async () => {
  const found = new GraphQLError('Cannot return null for non-nullable field Thing.name.', { path: ['thing', 'name'] });
  const { extensions, errors, data } = await run({ data: { thing: null }, extensions: { valueCompletion: [found] } });
  expect([extensions, data]).toEqual([undefined, { thing: null }]);
  expect(errors).toMatchObject([{ path: ['thing', 'name'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  expect(JSON.stringify(errors)).not.toContain('Thing');
});

test('other extensions stay', async () => {
  expect(await run({ data: {}, extensions: { valueCompletion: [], more: 1 } })).toEqual({
    data: {},
    extensions: { more: 1 },
  });
  expect(await run({ data: {}, extensions: { more: 1 } })).toEqual({ data: {}, extensions: { more: 1 } });
});

test('an exception of the gateway has data, so that it is not answered as a mistake of the client', async () => {
  const errors = [
    new GraphQLError('Invalid non-list value', { originalError: new TypeError('Invalid non-list value') }),
  ];
  expect(await run({ errors })).toEqual({ errors, data: null });
});

test('a mistake of the client has no data', async () => {
  const errors = [new GraphQLError('Variable "$a" got invalid value 1.')];
  expect(await run({ errors })).toEqual({ errors });
  const wrapped = [new GraphQLError('wrong', { originalError: new GraphQLError('wrong') })];
  expect(await run({ errors: wrapped })).toEqual({ errors: wrapped });
});

describe('a missing entity', () => {
  const missing = (path: (string | number)[]) => new GraphQLError('Cannot return null.', { path });
  const answer = (data: unknown, ...found: GraphQLError[]) =>
    run({ data, extensions: { valueCompletion: found } }, { hasMissingEntity: true });

  test('leaves null at its reference, without an error', async () => {
    const data = { tasks: [{ order: null }, { order: { number: '1' } }] };
    expect(await answer(data, missing(['tasks', 0, 'order', 'number']))).toEqual({ data });
  });

  test.each<[string, unknown, (string | number)[]]>([
    ['a reference that must not be null', { tasks: [null] }, ['tasks', 0, 'order', 'number']],
    ['the whole answer', null, ['task', 'order', 'number']],
    ['a field of the root', null, ['order']],
  ])('is a fault when it costs %s', async (_what, data, path) => {
    expect((await answer(data, missing(path)))['errors']).toMatchObject([
      { path, extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });
});
