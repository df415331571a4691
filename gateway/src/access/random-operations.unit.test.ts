import {
  buildASTSchema,
  defaultFieldResolver,
  executeSync,
  isObjectType,
  parse,
  validate,
  type DocumentNode,
} from 'graphql';
import { createAuthorize } from './authorize.ts';
import { readSupergraph } from '../supergraph/index.ts';
import { chooseSize } from '@shop/testing/config';
import { isMet, type Credentials } from '@shop/access';
import { createRandom, randomOperation } from './test/random-operation.ts';
import { supergraphSdl } from '../supergraph/test/access-supergraph.ts';

const supergraph = readSupergraph(supergraphSdl);
const schema = buildASTSchema(parse(supergraph.plannerSdl));
const authorize = createAuthorize(supergraph);
const variables = { no: false };

/** The resolved fields. With `guard` set, refused fields throw, as resolvers with guards would. */
let resolved = new Set<string>();
let guard: Credentials | undefined;
for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
  if (type.name.startsWith('__')) continue;
  for (const field of Object.values(type.getFields())) {
    field.resolve = (parent, args, context, info) => {
      resolved.add(`${type.name}.${field.name}`);
      if (guard !== undefined && isRefused(type.name, field.name, guard)) throw new Error('refused');
      return defaultFieldResolver(parent, args, context, info);
    };
  }
}

function isRefused(type: string, field: string, credentials: Credentials): boolean {
  return supergraph.getRequirements(type, field).some((requirement) => !isMet(requirement, credentials));
}

const person: Record<string, unknown> = { __typename: 'Person', id: 'p', label: 'l', email: 'e', friend: null };
const leaf = { __typename: 'Thing', id: 't', label: 'l', price: 1, cost: 2, owner: { ...person, friend: person } };
const thing = { ...leaf, child: { ...leaf, children: [] }, children: [leaf, { ...leaf, owner: null }] };
const vault = { __typename: 'Vault', gold: 7, thing };
const rootValue = {
  open: thing,
  things: [thing, leaf],
  maybeThings: [null, thing],
  signedIn: thing,
  mustBeSignedIn: leaf,
  staffOnly: 's',
  either: 'e',
  vault,
  node: person,
  nodes: [thing, person],
  found: [vault, thing, person],
  mood: 'GOOD',
  code: 'c',
};

function run(document: DocumentNode) {
  resolved = new Set();
  const { data, errors } = executeSync({ schema, document, rootValue, variableValues: variables });
  return {
    data: (JSON.parse(JSON.stringify({ data })) as { data: never }).data,
    paths: (errors ?? []).map(({ path }) => path?.join('.')),
    resolved,
  };
}

const OPERATIONS = chooseSize({ short: 250, long: 5_000 });
const callers: Credentials[] = [
  { isAuthenticated: false, scopes: new Set() },
  ...[[], ['price', 'c'], ['staff']].map((scopes) => ({ isAuthenticated: true, scopes: new Set(scopes) })),
];

test.each([true, false])(
  'random operations get the same answer as from guarded resolvers, with interfaces: %s',
  (interfaces) => {
    let filtered = 0;
    for (let seed = 1; seed <= OPERATIONS; seed += 1) {
      const query = randomOperation(createRandom(seed), { interfaces });
      const document = parse(query);
      // Skip invalid operations, such as those with an unused fragment.
      if (validate(schema, document).length > 0) continue;
      for (const credentials of callers) {
        const variant = authorize(document, undefined, credentials);
        if (variant === undefined) continue;
        filtered += 1;
        const { decided, complete } = variant.completion(credentials, variables);
        const left = decided === undefined ? variant.document : undefined;
        if (left !== undefined && validate(schema, left).length > 0)
          throw new Error(`invalid:\n${query}\n${validate(schema, left).join('\n')}`);

        guard = undefined;
        const executed = left === undefined ? undefined : run(left);
        const leaked = [...(executed?.resolved ?? [])].filter((coordinate) =>
          isRefused(...(coordinate.split('.') as [string, string]), credentials),
        );
        if (leaked.length > 0) throw new Error(`resolved ${leaked.join()}:\n${query}`);

        const answer = decided ?? complete(executed?.data as never);
        if (interfaces) continue;
        // Without fields of interfaces, the answer equals that of guarded resolvers: the same data in the same order.
        guard = credentials;
        const expected = run(document);
        expect({ query, data: JSON.stringify(answer.data) }).toEqual({ query, data: JSON.stringify(expected.data) });
        // An executor may report several errors below a place that becomes null. They include ours.
        if (answer.data !== null)
          expect(expected.paths).toEqual(expect.arrayContaining(answer.errors.map(({ path }) => path?.join('.'))));
      }
    }
    expect(filtered).toBeGreaterThan(200);
  },
);
