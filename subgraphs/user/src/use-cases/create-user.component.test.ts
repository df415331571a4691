import { jest } from '@jest/globals';
import { listAudit, uuidv7 } from '@shop/subgraph';
import { client, password, startScene, type Caller, type Scene } from '../../test/start-scene.ts';
import { createUser } from './create-user.ts';
import { login } from './login.ts';
import { resetPassword } from './reset-password.ts';
import { setUserRole } from './change-access.ts';

let scene: Scene;
let admin: Caller;
beforeAll(async () => {
  scene = await startScene();
  admin = await scene.openCaller();
});
afterAll(() => scene?.stop());

const inputOf = (rest: object = {}) => ({
  email: `${uuidv7()}@example.com`,
  name: 'Grace',
  role: 'CUSTOMER' as const,
  ...rest,
});
async function create(rest: object = {}, caller = admin) {
  const outcome = await createUser(scene.dependencies, inputOf(rest), caller);
  if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  return outcome.user;
}
const signIn = (email: string, secret: string, over = scene.dependencies) =>
  login(over, { email, password: secret }, client);

test('opens an account of a role, publishes the invitation, and notes who did it', async () => {
  const user = await create({ role: 'STAFF', phone: '123' });
  expect(user).toMatchObject({ name: 'Grace', phone: '123', role: 'STAFF', active: true, emailVerified: false });
  expect(await scene.eventsOf(user.id)).toEqual([
    ['shop.user.created.v1', { userId: user.id, role: 'STAFF', requestId: expect.any(String), invited: true }],
  ]);
  for (const [role, id] of [
    ['STAFF', user.id],
    ['CUSTOMER', (await create()).id],
  ] as const) {
    const { nodes } = await listAudit(scene.dependencies.database.client, { filter: { subjectId: id } });
    expect(nodes).toMatchObject([
      { action: 'ACCOUNT_OPENED', actorId: admin.userId, details: [{ name: 'role', value: role }] },
    ]);
  }
});

test('the account has no password until its owner follows the link, within seven days', async () => {
  const user = await create();
  const link = await scene.linkOf(user.id, 'created');
  expect(link.email).toBe(user.email);
  expect(link.expiresAt).toEqual(new Date(user.createdAt.getTime() + 7 * 24 * 60 * 60_000));
  for (const guess of ['', password, user.email])
    expect(await signIn(user.email, guess)).toEqual({ kind: 'invalid-credentials' });
  const input = { token: link.token, newPassword: 'staple battery horse correct' };
  const late = { ...scene.dependencies, now: () => link.expiresAt };
  expect(await resetPassword(late, input)).toEqual({ kind: 'invalid-token' });
  expect(await resetPassword(scene.dependencies, input)).toMatchObject({
    kind: 'reset',
    user: { emailVerified: true },
  });
  expect(await signIn(user.email, input.newPassword)).toMatchObject({ kind: 'signed-in', user: { id: user.id } });
  expect(await resetPassword(scene.dependencies, input)).toEqual({ kind: 'invalid-token' });
});

test('a sign-in to it does the same work as one with a wrong password', async () => {
  const [invited, owner] = [await create(), await scene.openUser()];
  const { hasher } = scene.dependencies;
  const verify = jest.fn(hasher.verify);
  const over = { ...scene.dependencies, hasher: { ...hasher, verify } };
  for (const { email } of [invited, owner])
    expect(await signIn(email, 'wrong', over)).toEqual({ kind: 'invalid-credentials' });
  const parameters = verify.mock.calls.map(([hash]) => hash?.split('$').slice(0, 4));
  expect(parameters[0]).toEqual(parameters[1]);
});

test('accepts an e-mail once, without regard to case, even concurrently', async () => {
  const email = `${uuidv7()}@example.com`;
  const outcomes = await Promise.all(
    [email, email.toUpperCase(), email].map((each) => createUser(scene.dependencies, inputOf({ email: each }), admin)),
  );
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'email-taken', 'email-taken']);
});

test.each([
  ['email', { email: 'nobody' }],
  ['name', { name: ' ' }],
  ['phone', { phone: '1'.repeat(51) }],
])('rejects an invalid %s', async (path, wrong) => {
  expect(await createUser(scene.dependencies, inputOf(wrong), admin)).toMatchObject({
    kind: 'invalid-input',
    issues: [{ path }],
  });
});

test('is decided by the caller’s account as it is now', async () => {
  const demoted = await scene.openCaller();
  await setUserRole(scene.dependencies, { userId: demoted.userId, role: 'STAFF' }, admin);
  const email = `${uuidv7()}@example.com`;
  expect(await createUser(scene.dependencies, inputOf({ email, role: 'ADMIN' }), demoted)).toEqual({
    kind: 'forbidden',
    scope: 'user:write',
  });
  const gone = { userId: uuidv7(), sessionId: null };
  expect(await createUser(scene.dependencies, inputOf({ email }), gone)).toEqual({ kind: 'not-signed-in' });
  expect(await signIn(email, password)).toEqual({ kind: 'invalid-credentials' });
  expect(await scene.dependencies.database.client.user.count({ where: { emailKey: email } })).toBe(0);
});
