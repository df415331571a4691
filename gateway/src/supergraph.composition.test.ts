import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  type GraphQLSchema,
} from 'graphql';

/** The subgraphs that the contract has. */
const names = ['user', 'product', 'order', 'task', 'notification'] as const;
const ours = (name: string) => `subgraphs/${name}/schema.graphql`;
/** The first public contract. The schemas may add members to it, and must keep all of its members. */
const contract = (name: string) => `gateway/test/public-contract/${name}.graphql`;

function compose(getFile: (name: string) => string): { api: GraphQLSchema; hints: string[] } {
  const { schema, errors, hints } = composeServices(
    names.map((name) => ({ name, url: `http://${name}`, typeDefs: parse(readFileSync(getFile(name), 'utf8')) })),
  );
  if (!schema) throw new Error(errors?.map(String).join('\n'));
  return { api: schema.toAPISchema().toGraphQLJSSchema(), hints: (hints ?? []).map(String) };
}

/** Lists every member of a schema with its type: `Order.total` is `Money!`, `Query.order(id)` is `ID!`, `Role.STAFF` is `value`. */
function listMembers(api: GraphQLSchema): Map<string, string> {
  const members = new Map<string, string>();
  for (const type of Object.values(api.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
    members.set(type.name, type.constructor.name);
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        members.set(`${type.name}.${field.name}`, String(field.type));
        if ('args' in field)
          for (const { name, type: argument } of field.args)
            members.set(`${type.name}.${field.name}(${name})`, String(argument));
      }
    }
    if (isEnumType(type)) for (const { name } of type.getValues()) members.set(`${type.name}.${name}`, 'value');
    if (isUnionType(type)) for (const { name } of type.getTypes()) members.set(`${type.name} | ${name}`, 'member');
  }
  return members;
}

const { api, hints } = compose(ours);

test('the subgraphs compose without a hint', () => {
  expect(hints).toEqual([]);
  expect(Object.keys(api.getQueryType()?.getFields() ?? {})).toEqual(
    expect.arrayContaining(['me', 'order', 'product', 'products']),
  );
});

test('every query, mutation and subscription is described', () => {
  const roots = [api.getQueryType(), api.getMutationType(), api.getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  expect(roots.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
});

test('every mutation takes one input and returns a union of its success and user errors', () => {
  for (const { name, args, type } of Object.values(api.getMutationType()?.getFields() ?? {})) {
    // A mutation without arguments is allowed.
    if (args.length > 0) expect(args.map((argument) => argument.name)).toEqual(['input']);
    const result = isNonNullType(type) ? type.ofType : type;
    if (!isUnionType(result)) throw new Error(`${name} returns ${type}`);
    const capitalized = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    expect(result.name).toBe(`${capitalized}Result`);
    const [success, ...failures] = result.getTypes();
    expect(success?.name).toBe(`${capitalized}Success`);
    for (const failure of failures) expect(failure.getInterfaces().map((shared) => shared.name)).toEqual(['UserError']);
  }
});

test.each(['Order.customer', 'OrderItem.product', 'User.orders'])(
  '%s is nullable, so that a failure of its subgraph leaves only that field empty',
  (member) => {
    expect(listMembers(api).get(member)).toMatch(/[^!]$/);
  },
);

test('every member of the public contract is in the schema, with its type', () => {
  const promised = listMembers(compose(contract).api);
  const present = listMembers(api);
  expect(promised.size).toBeGreaterThan(500);
  expect(new Map([...promised].map(([member]) => [member, present.get(member)]))).toEqual(promised);
});
