import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import { createLogger } from '@shop/process';
import { buildASTSchema, buildSchema, parse } from 'graphql';
import { createDocumentStore } from './document-store.ts';
import { isIntrospectionDocument } from './is-introspection-document.ts';
import { identify } from './identify.ts';
import { createUnlistedLog } from './log-unlisted.ts';
import { prepareDocuments } from './prepare-documents.ts';
import { hashOperation, readManifests } from './read-manifests.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'manifests-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const operation = (name: string, body: string) => ({ id: hashOperation(body), name, type: 'query', body });
const createManifest = (...operations: object[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

function write(name: string, content: unknown): string {
  const file = path.join(directory, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('manifests', () => {
  test('are merged, with each operation once', () => {
    const [a, b, c] = [operation('A', '{ a }'), operation('A', '{ b }'), operation('__proto__', '{ c }')];
    const read = readManifests([write('1.json', createManifest(a, b)), write('2.json', createManifest(b, c))]);
    expect([...read.values()]).toEqual([
      { name: 'A', body: '{ a }' },
      { name: 'A', body: '{ b }' },
      { name: '__proto__', body: '{ c }' },
    ]);
    expect(read.get(a.id)?.body).toBe('{ a }');
  });

  test('include the manifest of this project’s client', () => {
    expect(readManifests(['clients/typescript/persisted-operations.json']).size).toBeGreaterThan(20);
  });

  test('may be the texts by hash that GraphQL Code Generator writes', () => {
    const [a, b] = ['query A { a }', '\n  mutation B { b }'];
    const file = write('persisted-documents.json', {
      [`sha256:${hashOperation(a)}`]: a,
      [`sha256:${hashOperation(b)}`]: b,
    });
    expect([...readManifests([file]).values()]).toEqual([
      { name: 'A', body: a },
      { name: 'B', body: b },
    ]);
    const wrong = write('wrong-documents.json', { [`sha256:${hashOperation(a)}`]: b });
    expect(() => readManifests([wrong])).toThrow('the id of its operation "B" is not the SHA-256 of its body');
  });

  test.each([
    ['missing', undefined, /missing cannot be used: the file cannot be read/],
    ['broken', '{"format":', /broken cannot be used: the file is not JSON/],
    ['a-list', [], /a-list cannot be used: the file is not an Apollo manifest of version 1/],
    ['of-another-format', { ...createManifest(), format: 'x' }, /not an Apollo manifest of version 1, at "format"/],
    ['of-another-version', { ...createManifest(), version: 2 }, /at "version"/],
    ['without-a-body', createManifest({ ...operation('A', '{ a }'), body: undefined }), /at "operations.0.body"/],
    [
      'with-a-wrong-id',
      createManifest({ ...operation('A', '{ a }'), id: hashOperation('{ b }') }),
      /with-a-wrong-id cannot be used: the id of its operation "A" is not the SHA-256 of its body/,
    ],
    [
      'with-an-id-in-capitals',
      createManifest({ ...operation('A', '{ a }'), id: hashOperation('{ a }').toUpperCase() }),
      /is not the SHA-256/,
    ],
  ])('that are %s cause an error that names the file', (name, content, message) => {
    const file = content === undefined ? path.join(directory, name) : write(name, content);
    expect(() => readManifests([file])).toThrow(message);
  });
});

describe('an operation is found', () => {
  const body = '{ a }';
  const id = hashOperation(body);
  const manifest = new Map([[id, { name: 'A', body }]]);
  const find = (query: string | undefined, persistedQuery: unknown, isClosed = true) => {
    const found = identify(query, persistedQuery, { manifest, isClosed });
    return found.kind === 'rejected' ? found.error.extensions['code'] : found.kind;
  };

  test('by its id, its text, or both', () => {
    expect(find(undefined, { version: 1, sha256Hash: id })).toBe('listed');
    expect(find('', { version: 1, sha256Hash: id })).toBe('listed');
    expect(find(body, undefined)).toBe('listed');
    expect(find(body, { version: 1, sha256Hash: id })).toBe('listed');
    expect(find('{ b }', null)).toBe('unlisted');
    expect(find('{ b }', { version: 1, sha256Hash: hashOperation('{ b }') })).toBe('unlisted');
    expect(find(undefined, undefined)).toBe('nothing');
  });

  test('not by a wrong id, and the client is asked for the text only if it would be accepted', () => {
    expect(find('{ b }', { version: 1, sha256Hash: id })).toBe('BAD_REQUEST');
    expect(find(undefined, { version: 1, sha256Hash: hashOperation('{ b }') })).toBe('PERSISTED_QUERY_NOT_IN_LIST');
    expect(find(undefined, { version: 1, sha256Hash: hashOperation('{ b }') }, false)).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });

  test.each([
    'x',
    7,
    [],
    true,
    {},
    { version: 1 },
    { version: 2, sha256Hash: id },
    { version: 1, sha256Hash: '__proto__' },
    { version: 1, sha256Hash: 'constructor' },
    { version: 1, sha256Hash: 'a'.repeat(10_000) },
    { version: 1, sha256Hash: [id] },
    { version: 1, sha256Hash: { toString: 'x' } },
    { version: 1, sha256Hash: `${id}\n` },
  ])('not by the malformed id %j', (persistedQuery) => {
    expect(find(undefined, persistedQuery)).toBe('BAD_REQUEST');
    expect(find(body, persistedQuery)).toBe('BAD_REQUEST');
  });
});

test('operations are parsed once, and invalid ones are left out with a warning', async () => {
  const lines: { operation: string; reason: string }[] = [];
  const logger = createLogger({
    service: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) },
  });
  const bodies = { Good: '{ a }', Gone: '{ gone }', Broken: '{', Schema: '{ __schema { queryType { name } } }' };
  const manifest = new Map(Object.entries(bodies).map(([name, body]) => [hashOperation(body), { name, body }]));
  const prepare = (introspection: boolean) =>
    prepareDocuments(manifest, { schema: buildSchema('type Query { a: Int }'), introspection, maxTokens: 100, logger });

  const documents = prepare(false);
  expect([...documents.keys()]).toEqual([hashOperation(bodies.Good)]);
  expect(lines.map(({ operation: name }) => name)).toEqual(['Gone', 'Broken', 'Schema']);
  expect(lines[0]?.reason).toMatch(/Cannot query field "gone"/);
  expect([...prepare(true).keys()]).toContain(hashOperation(bodies.Schema));

  const store = createDocumentStore(() => documents, new InMemoryLRUCache());
  const good = documents.get(hashOperation(bodies.Good));
  expect(await store.get(`schema:${hashOperation(bodies.Good)}`)).toBe(good);
  await store.set('schema:other', good!);
  expect(await store.get('schema:other')).toBe(good);
});

test('the operations of this project’s client are valid for the committed supergraph', () => {
  const lines: string[] = [];
  const manifest = readManifests(['clients/typescript/persisted-operations.json']);
  const schema = buildASTSchema(parse(readFileSync('gateway/supergraph.graphql', 'utf8')), { assumeValidSDL: true });
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  expect(prepareDocuments(manifest, { schema, introspection: false, maxTokens: 3_000, logger }).size).toBe(
    manifest.size,
  );
  expect(lines).toEqual([]);
});

test('introspection is distinguished from operations that also read data', () => {
  const isSchemaOnly = (text: string) => isIntrospectionDocument(text, 1_000);
  expect(isSchemaOnly('query I { __schema { ...F } __typename } fragment F on __Schema { description }')).toBe(true);
  expect(isSchemaOnly('{ __type(name: "A") { name } a }')).toBe(false);
  expect(isSchemaOnly('query I { __schema { description } } query B { a }')).toBe(false);
  expect(isSchemaOnly('{ ...F } fragment F on Query { a }')).toBe(false);
  expect(isSchemaOnly('{')).toBe(false);
});

test('each unlisted operation is logged once, up to a limit', () => {
  const lines: { msg: string }[] = [];
  const log = createUnlistedLog(
    createLogger({
      service: 'test',
      destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) },
    }),
  );
  for (let index = 0; index < 3_000; index += 1)
    log({ id: String(index % 1_500), operationName: 'A', requestId: undefined });
  expect(lines).toHaveLength(1_001);
  expect(lines.at(-1)?.msg).toBe('further operations that are not in the manifest are not logged');
});
