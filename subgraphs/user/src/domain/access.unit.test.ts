import { decideAccess, decideRight } from './access.ts';
import type { Role } from './role.ts';
import type { User } from './user.ts';

const user = (role: Role, active = true) => ({ role, active }) as User;

test.each([
  [user('ADMIN'), { role: 'STAFF' }, 1, 'would-leave-no-admin'],
  [user('ADMIN'), { role: 'STAFF' }, 2, 'change'],
  [user('ADMIN'), { active: false }, 1, 'would-leave-no-admin'],
  [user('ADMIN'), { active: false }, 2, 'change'],
  [user('ADMIN'), { role: 'ADMIN' }, 1, 'unchanged'],
  [user('ADMIN', false), { role: 'CUSTOMER' }, 1, 'change'],
  [user('ADMIN', false), { active: true }, 0, 'change'],
  [user('STAFF'), { role: 'ADMIN' }, 0, 'change'],
  [user('STAFF'), { active: false }, 1, 'change'],
  [user('CUSTOMER', false), { active: false }, 1, 'unchanged'],
] as const)('%j with the change %j and %i active administrators gives %s', (before, change, admins, decision) => {
  expect(decideAccess(before, change, admins)).toBe(decision);
});

test.each([
  [{ role: 'ADMIN', active: true }, 'allowed'],
  [{ role: 'STAFF', active: true }, 'forbidden'],
  [{ role: 'CUSTOMER', active: true }, 'forbidden'],
  [{ role: 'ADMIN', active: false }, 'not-signed-in'],
  [null, 'not-signed-in'],
] as const)('the right user:write of %j is %s', (actor, right) => {
  expect(decideRight(actor, 'user:write')).toBe(right);
});
