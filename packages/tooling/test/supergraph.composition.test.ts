import { jest } from '@jest/globals';
import { copyProject, type ProjectCopy, schemaFiles } from './project-copy.ts';

const supergraph = 'gateway/supergraph.graphql';
let copy: ProjectCopy;
beforeEach(() => {
  copy = copyProject([...schemaFiles, supergraph]);
});
afterEach(() => copy.remove());

test('the committed supergraph matches the composed subgraphs, without a hint', async () => {
  const written: unknown[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(text) > 0);
  expect(await copy.findStale('supergraph')).toEqual([]);
  write.mockRestore();
  expect(written).toEqual([]);
});

test('detects a schema that was changed alone, and composes it', async () => {
  copy.change(
    'subgraphs/order/schema.graphql',
    'type Query {',
    'type Query {\n  "Whether it works."\n  ping: Boolean\n',
  );
  expect(await copy.findStale('supergraph')).toEqual([supergraph]);
  expect(await copy.generate('supergraph')).toEqual([supergraph]);
  expect(copy.read(supergraph)).toContain('ping: Boolean');
  expect(await copy.findStale('supergraph')).toEqual([]);
});

test('reports schemas that do not compose with their places, and writes nothing', async () => {
  const before = copy.read(supergraph);
  copy.change('subgraphs/order/schema.graphql', 'type Money @shareable', 'type Money');
  await expect(copy.generate('supergraph')).rejects.toThrow(
    /INVALID_FIELD_SHARING: .*Money.amount[\s\S]*subgraphs\/order\/schema.graphql:\d+:\d+/,
  );
  expect(copy.read(supergraph)).toBe(before);
});

test('reports a syntax error with its file and line', async () => {
  copy.change('subgraphs/user/schema.graphql', 'type Query {', 'type Query {{');
  await expect(copy.generate('supergraph')).rejects.toThrow(/^subgraphs\/user\/schema.graphql:\d+:\d+ Syntax Error/);
});

test('later generators see the results of earlier ones', async () => {
  copy.change(
    'subgraphs/order/schema.graphql',
    'type Query {',
    'type Query {\n  "Whether it works."\n  ping: Boolean\n',
  );
  expect(await copy.findStale('supergraph', 'schema reference')).toEqual(
    expect.arrayContaining([supergraph, 'docs/schema/queries.md']),
  );
});
