import { decideMember, findHeir, type Member } from './members.ts';
import { roles, type ProjectRole } from './role.ts';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const member = (userId: string, role: ProjectRole, day = 1): Member => ({ userId, role, since: at(day) });

/** The whole matrix: each caller, each role that the member has, each role that the member should get. */
const callers = [...roles, null];
const changes = [...roles, null].flatMap((before) => [...roles, null].map((after) => [before, after] as const));

test.each(callers)('a caller with the role %s changes exactly the members that the role allows', (callerRole) => {
  for (const [before, after] of changes) {
    const others = [member('owner-1', 'OWNER'), member('owner-2', 'OWNER')];
    const members = [
      ...others,
      ...(callerRole === null ? [] : [member('caller', callerRole)]),
      ...(before === null ? [] : [member('them', before)]),
    ];
    const decision = decideMember(members, { userId: 'them', role: after }, 'caller');
    const needsOwner = before === 'OWNER' || after === 'OWNER';
    const mayDo = callerRole === 'OWNER' || (callerRole === 'MANAGER' && !needsOwner);
    const expected = !mayDo
      ? { kind: 'role-required', role: needsOwner ? 'OWNER' : 'MANAGER' }
      : after === null && before === null
        ? { kind: 'not-a-member' }
        : after === before
          ? { kind: 'unchanged' }
          : { kind: 'change', before };
    expect([callerRole, before, after, decision]).toEqual([callerRole, before, after, expected]);
  }
});

test.each(roles)('a member with the role %s may leave', (role) => {
  const members = [member('other', 'OWNER'), member('me', role)];
  expect(decideMember(members, { userId: 'me', role: null }, 'me')).toEqual({ kind: 'change', before: role });
});

test('somebody who is no member cannot leave, and learns nothing about the members', () => {
  const decision = decideMember([member('other', 'OWNER')], { userId: 'me', role: null }, 'me');
  expect(decision).toEqual({ kind: 'role-required', role: 'MANAGER' });
});

test.each([['MANAGER'], ['MEMBER'], ['VIEWER'], [null]] as const)('the last owner cannot become %s', (role) => {
  const members = [member('me', 'OWNER'), member('other', 'MANAGER')];
  expect(decideMember(members, { userId: 'me', role }, 'me')).toEqual({ kind: 'last-owner' });
});

test.each([
  ['the oldest manager', [member('a', 'MEMBER', 1), member('b', 'MANAGER', 3), member('c', 'MANAGER', 2)], 'c'],
  ['the oldest member without a manager', [member('a', 'MEMBER', 2), member('b', 'MEMBER', 1)], 'b'],
  ['the lower id of two who joined together', [member('b', 'MEMBER'), member('a', 'MEMBER')], 'a'],
  ['nobody when there are only viewers', [member('a', 'VIEWER')], undefined],
  ['nobody in an empty project', [], undefined],
])('a project is inherited by %s', (_title, members, heir) => {
  expect(findHeir(members)?.userId).toBe(heir);
});
