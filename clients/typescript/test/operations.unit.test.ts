import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as client from '@shop/client';
import { createShopClient, type ShopClient, type Subscription } from '@shop/client';
import {
  buildSchema,
  getNamedType,
  getOperationAST,
  isUnionType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  Kind,
  type FieldNode,
  type GraphQLUnionType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { createCostEstimator } from '../../../gateway/src/limits/estimate-cost.ts';
import { measureStructure } from '../../../gateway/src/limits/measure-structure.ts';
import { defaultLimits } from '../../../gateway/src/limits/operation-limits.ts';
import { readSupergraph } from '../../../gateway/src/supergraph/index.ts';
import { data, startServer } from './server.ts';

interface Manifest {
  readonly format: string;
  readonly version: number;
  readonly operations: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly body: string;
  }[];
}

const manifest = JSON.parse(readFileSync('clients/typescript/persisted-operations.json', 'utf8')) as Manifest;
const schema = buildSchema(readFileSync('clients/typescript/schema.graphql', 'utf8'));
const estimateCost = createCostEstimator(readSupergraph(readFileSync('gateway/supergraph.graphql', 'utf8')));
const exported = Object.values(client).filter((value) => typeof value === 'object');
const documents = manifest.operations.map(({ name, body }) => [name, parse(body)] as const);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('the manifest is Apollo’s, and each id is the hash of its body', () => {
  expect([manifest.format, manifest.version]).toEqual(['apollo-persisted-query-manifest', 1]);
  expect(manifest.operations.length).toBeGreaterThanOrEqual(30);
  for (const { id, name, type, body } of manifest.operations) {
    expect(id).toBe(sha256(body));
    expect(getOperationAST(parse(body), name)?.operation).toBe(type);
  }
});

/** Sends every operation with the SDK, and returns the bodies that arrived. */
async function bodiesOf(persistedOnly: boolean): Promise<Record<string, unknown>[]> {
  const ended = { headers: { 'content-type': 'text/event-stream' }, text: 'event: complete\ndata:\n\n' };
  const server = await startServer(({ headers }) =>
    headers.accept?.startsWith('text/event-stream') === true ? ended : data({}),
  );
  const shop = createShopClient({ url: server.url, persistedOnly }) as {
    request: (...args: unknown[]) => Promise<unknown>;
    subscribe: (...args: unknown[]) => Subscription<unknown>;
  } & ShopClient;
  try {
    for (const operation of exported)
      if (operation.type === 'subscription') await shop.subscribe(operation, { input: {} }).next();
      else await shop.request(operation, { input: {} });
    return server.seen.map(({ body }) => body);
  } finally {
    await server.close();
  }
}

test('the SDK sends exactly the bytes of the manifest', async () => {
  const sent = (await bodiesOf(false)).map(({ query, operationName }) => ({
    id: sha256(String(query)),
    name: operationName,
  }));
  expect(sent).toHaveLength(manifest.operations.length);
  expect(new Set(sent.map(({ id, name }) => `${id} ${String(name)}`))).toEqual(
    new Set(manifest.operations.map(({ id, name }) => `${id} ${name}`)),
  );
});

test('in persisted mode the SDK sends ids of the manifest, and no text', async () => {
  const known = new Map(manifest.operations.map(({ id, name }) => [name, id]));
  for (const { operationName, extensions, ...rest } of await bodiesOf(true)) {
    expect(extensions).toEqual({ persistedQuery: { version: 1, sha256Hash: known.get(String(operationName)) } });
    expect(Object.keys(rest)).toEqual(['variables']);
  }
});

test.each(documents)('%s is within the limits of the gateway, with pages of 100', (_name, document) => {
  const operation = getOperationAST(document)!;
  const { depth, selections, aliases } = measureStructure(document);
  const { cost } = estimateCost(document, operation, { first: 100, last: 100, orders: 100 });
  expect(depth).toBeLessThanOrEqual(defaultLimits.maxDepth);
  expect(selections).toBeLessThanOrEqual(defaultLimits.maxSelections);
  expect(aliases).toBeLessThanOrEqual(defaultLimits.maxAliases);
  expect(cost).toBeLessThanOrEqual(defaultLimits.maxCost);
});

test.each(documents.filter(([, document]) => getOperationAST(document)?.operation === 'mutation'))(
  '%s selects every member of its result, and the members’ fields',
  (_name, document) => {
    const { selectionSet } = getOperationAST(document)!.selectionSet.selections[0] as FieldNode;
    const selected = membersOf(selectionSet!);
    const result = resultOf(getOperationAST(document)!);
    const failures = result.getTypes().filter((type) => type.getInterfaces().length > 0);
    const telling = result
      .getTypes()
      .filter((type) => Object.keys(type.getFields()).some((field) => field !== 'code' && field !== 'message'));
    expect([...selected.keys()].sort()).toEqual(
      [...telling.map(({ name }) => name), ...(failures.length > 0 ? ['UserError'] : [])].sort(),
    );
    for (const type of telling) {
      const carried = Object.keys(type.getFields()).filter(
        (field) => type.getInterfaces().length === 0 || (field !== 'code' && field !== 'message'),
      );
      expect(selected.get(type.name)).toEqual(expect.arrayContaining(carried));
    }
    if (failures.length > 0) expect(selected.get('UserError')).toEqual(['code', 'message']);
    expect(selectionSet!.selections.some((node) => node.kind === Kind.FIELD && node.name.value === '__typename')).toBe(
      true,
    );
  },
);

test('every query, mutation and subscription of the graph has an operation', () => {
  const used = new Set<string>();
  for (const [, document] of documents) {
    const types = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(types, { Field: (node) => void used.add(`${types.getParentType()?.name}.${node.name.value}`) }),
    );
  }
  const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap((type) =>
    Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
  );
  expect(roots.filter((field) => !used.has(field))).toEqual([]);
});

function membersOf({ selections }: SelectionSetNode): Map<string, string[]> {
  return new Map(
    selections.flatMap((node) =>
      node.kind === Kind.INLINE_FRAGMENT
        ? [
            [
              node.typeCondition!.name.value,
              node.selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? [field.name.value] : [])),
            ],
          ]
        : [],
    ),
  );
}

function resultOf(operation: OperationDefinitionNode): GraphQLUnionType {
  const { name } = operation.selectionSet.selections[0] as FieldNode;
  const type = getNamedType(schema.getMutationType()!.getFields()[name.value]!.type);
  if (!isUnionType(type)) throw new Error(`${name.value} has no union`);
  return type;
}
