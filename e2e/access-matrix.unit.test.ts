import { readFileSync } from 'node:fs';
import { readSupergraph } from '../gateway/src/supergraph/index.ts';
import { isMet, type Credentials } from '@shop/access';
import { listScopes, type Role } from '../subgraphs/user/src/domain/role.ts';
import { callers, rows, withTheirObject, type Caller } from './access-matrix.ts';

const supergraph = readFileSync('gateway/supergraph.graphql', 'utf8');
const { getRequirements } = readSupergraph(supergraph);

const listObjectFields = (sdl: string): string[] =>
  [...readSupergraph(sdl).types.values()]
    .filter(({ kind }) => kind === 'object')
    .flatMap(({ name, fields }) => [...fields.keys()].map((field) => `${name}.${field}`));
const listed = [
  ...rows.map(({ member }) => member),
  ...Object.entries(withTheirObject).flatMap(([type, fields]) => fields.split(' ').map((field) => `${type}.${field}`)),
];

const roles: Record<Caller, Role | null> = {
  anonymous: null,
  'customer A': 'CUSTOMER',
  'customer B': 'CUSTOMER',
  staff: 'STAFF',
  admin: 'ADMIN',
};
const credentialsOf = (caller: Caller): Credentials => {
  const role = roles[caller];
  return { isAuthenticated: role !== null, scopes: new Set(role === null ? [] : listScopes(role)) };
};

test('every member of the composed schema is in the matrix once, and nothing else is', () => {
  const members = listObjectFields(supergraph);
  expect(members.length).toBeGreaterThan(150);
  expect([...listed].sort()).toEqual([...members].sort());
  // Proves that the check can fail: it reports a new member.
  expect(
    listObjectFields(supergraph.replace('type Money', 'type Fresh { field: Int }\ntype Money')).filter(
      (member) => !listed.includes(member),
    ),
  ).toEqual(['Fresh.field']);
});

test('every query and mutation has a row', () => {
  expect(Object.keys(withTheirObject).filter((type) => ['Query', 'Mutation'].includes(type))).toEqual([]);
});

test('a field with its own rule has a row', () => {
  const ruled = listed.filter((member) => getRequirements(...(member.split('.') as [string, string])).length > 0);
  // A subscription is answered as a stream, which the rows cannot ask for.
  const asked = ruled.filter((member) => !member.startsWith('Subscription.'));
  expect(asked.filter((member) => !rows.some((row) => row.member === member))).toEqual([]);
});

test.each(rows)('$member: the directives reject the callers that the matrix says', ({ member, cells }) => {
  const requirements = getRequirements(...(member.split('.') as [string, string]));
  for (const caller of callers) {
    const credentials = credentialsOf(caller);
    const unmet = requirements.filter((requirement) => !isMet(requirement, credentials));
    // Null for an anonymous caller is no refusal.
    const isRefused = unmet.some(({ kind }) => kind !== 'nullForAnonymous');
    const code = isRefused ? (credentials.isAuthenticated ? 'FORBIDDEN' : 'UNAUTHENTICATED') : 'null';
    expect({ caller, isRefused, cell: unmet.length > 0 ? code : cells[caller] }).toEqual({
      caller,
      isRefused: ['FORBIDDEN', 'UNAUTHENTICATED'].includes(cells[caller]),
      cell: cells[caller],
    });
    expect(cells[caller]).not.toBe('');
  }
});
