import { listAudit, uuidv7 } from '@shop/subgraph';
import { client, password, startScene, type Caller, type Scene } from '../../test/start-scene.ts';
import { setUserActive, setUserRole } from './change-access.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import { exportPersonalData, listAllSessions } from './export-personal-data.ts';
import { recordKeyChanges } from './record-key-changes.ts';
import { updateProfile } from './update-profile.ts';
import { verifyEmail } from './verify-email.ts';

let scene: Scene;
let admin: Caller;
beforeAll(async () => {
  scene = await startScene();
  admin = await scene.openCaller();
});
afterAll(() => scene?.stop());

async function readLog(subjectId: string) {
  const { nodes } = await listAudit(scene.dependencies.database.client, { filter: { subjectId } });
  return [...nodes]
    .reverse()
    .map(({ action, actorId, details }) => [
      action,
      actorId,
      Object.fromEntries(details.map(({ name, value }) => [name, value])),
    ]);
}

test('the log has every change of an account, its actor, and no personal data', async () => {
  const caller = await scene.openCaller('CUSTOMER');
  const { userId } = caller;
  const { dependencies } = scene;
  const email = `trace.${caller.email}`;
  await updateProfile(dependencies, { name: 'Trace', phone: '123' }, caller, client);
  await updateProfile(dependencies, { email, currentPassword: password }, caller, client);
  await verifyEmail(dependencies, await scene.linkOf(userId, 'email_verification_requested'));
  await changePassword(dependencies, { currentPassword: password, newPassword: `${password}!` }, caller);
  await setUserRole(dependencies, { userId, role: 'STAFF' }, admin);
  await setUserRole(dependencies, { userId, role: 'STAFF' }, admin);
  await setUserActive(dependencies, { userId, active: false }, admin);
  await setUserActive(dependencies, { userId, active: true }, admin);
  await deleteAccount(dependencies, { password: `${password}!` }, caller);
  const log = await readLog(userId);
  expect(log).toEqual([
    ['EMAIL_CHANGE_REQUESTED', userId, {}],
    ['EMAIL_CHANGED', userId, {}],
    ['PASSWORD_CHANGED', userId, {}],
    ['ROLE_CHANGED', admin.userId, { from: 'CUSTOMER', to: 'STAFF' }],
    ['ACCOUNT_DEACTIVATED', admin.userId, { role: 'STAFF' }],
    ['ACCOUNT_ACTIVATED', admin.userId, { role: 'STAFF' }],
    ['ACCOUNT_DELETED', userId, { role: 'STAFF' }],
  ]);
  expect(JSON.stringify(log)).not.toMatch(/trace|@/i);
});

test('a change that is refused, or undone with its transaction, leaves no entry', async () => {
  const [caller, victim] = [await scene.openCaller('STAFF'), await scene.openUser()];
  await setUserRole(scene.dependencies, { userId: victim.id, role: 'ADMIN' }, caller);
  const { database } = scene.dependencies;
  const failing: typeof database = {
    ...database,
    transact: (work) =>
      database.transact(async (tx) => {
        await work(tx);
        throw new Error('undone');
      }),
  };
  const change = setUserRole({ ...scene.dependencies, database: failing }, { userId: victim.id, role: 'STAFF' }, admin);
  await expect(change).rejects.toThrow('undone');
  expect(await readLog(victim.id)).toEqual([]);
});

test('accounts of staff that are opened are in the log, and those of customers are not', async () => {
  const [staff, customer] = [await scene.openUser('STAFF'), await scene.openUser()];
  expect(await readLog(staff.id)).toEqual([['ACCOUNT_OPENED', null, { role: 'STAFF' }]]);
  expect(await readLog(customer.id)).toEqual([]);
});

test('keys of access tokens are recorded once when they appear, and once when nobody publishes them any more', async () => {
  const kids = [uuidv7(), uuidv7()] as const;
  let at = Date.now();
  const record = (...published: string[]) =>
    recordKeyChanges({
      ...scene.dependencies,
      now: () => new Date(at),
      accessTokens: {
        ...scene.dependencies.accessTokens,
        jwks: { keys: published.map((kid) => ({ kty: 'OKP', kid, alg: 'EdDSA' })) },
      },
    });
  await Promise.all([record(kids[0]), record(kids[0]), record(kids[0])]);
  at += 60_000;
  // While keys change, one replica has the new key and one has the old one.
  await Promise.all([record(...kids), record(kids[0])]);
  for (let minute = 0; minute < 12; minute += 1) {
    at += 60_000;
    await record(kids[1]);
  }
  expect(await readLog(kids[0])).toEqual([
    ['KEY_ADDED', null, { alg: 'EdDSA' }],
    ['KEY_REMOVED', null, {}],
  ]);
  expect(await readLog(kids[1])).toEqual([['KEY_ADDED', null, { alg: 'EdDSA' }]]);
});

test('an export of a person’s data has all sessions, and is in the log', async () => {
  const person = await scene.openCaller('CUSTOMER');
  await scene.signIn(person.email);
  await setUserActive(scene.dependencies, { userId: person.userId, active: false }, admin);
  expect(await exportPersonalData(scene.dependencies, person.userId.toUpperCase(), admin)).toMatchObject({
    email: person.email,
  });
  expect(await listAllSessions(scene.dependencies, person.userId)).toHaveLength(2);
  expect((await readLog(person.userId)).at(-1)).toEqual(['PERSONAL_DATA_EXPORTED', admin.userId, {}]);
  for (const id of [uuidv7(), 'nonsense']) expect(await exportPersonalData(scene.dependencies, id, admin)).toBeNull();
});
