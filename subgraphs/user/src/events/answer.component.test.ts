import path from 'node:path';
import {
  findAccounts,
  findRecipient,
  findRecipients,
  findStaff,
  serviceNames,
  topology,
  type ServiceName,
} from '@shop/contracts';
import { connectBroker, RequestFailed, type Broker } from '@shop/messaging';
import { natsUsers, startNats } from '@shop/stack';
import { uuidv7 } from '@shop/subgraph';
import { temporaryDirectory } from '@shop/testing';
import type { z } from 'zod';
import { client, password } from '../../test/accounts.ts';
import { startScene, type Scene } from '../../test/start-scene.ts';
import { deleteAccount } from '../use-cases/delete-account.ts';
import { requestPasswordReset } from '../use-cases/request-password-reset.ts';
import { beginAskedResets } from '../use-cases/begin-asked-resets.ts';
import { resetPassword } from '../use-cases/reset-password.ts';
import { answers } from './answer.ts';

const contracts = [findAccounts, findStaff, findRecipient, findRecipients] as const;
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const stops: (() => Promise<unknown>)[] = [];
const brokers = {} as Record<ServiceName, Broker>;
let scene: Scene;

beforeAll(async () => {
  const directory = await temporaryDirectory();
  stops.unshift(() => directory.remove());
  scene = await startScene();
  stops.unshift(() => scene.stop());
  const users = natsUsers(topology, (user) => `password of ${user}`);
  const nats = await startNats({ dataDir: path.join(directory.path, 'nats'), users });
  stops.unshift(() => nats.stop());
  for (const service of serviceNames) {
    const broker = await connectBroker({ url: nats.url(service), service, topology, logger });
    stops.unshift(() => broker.close());
    brokers[service] = broker;
  }
  for (const { definition, handle } of answers)
    brokers.user.respond(definition, (payload) => handle(payload, scene.dependencies));
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** A service that may send a request, by the table of services. */
const askerOf = ({ subject }: { subject: string }) => {
  const request = topology.requests.find((each) => each.subject === subject);
  if (request === undefined) throw new Error(`No service asks ${subject}.`);
  return brokers[request.requester];
};
const accounts = async (userIds: string[]) =>
  findAccounts.response.parse(await askerOf(findAccounts).request(findAccounts, { userIds })).accounts;
type RecipientQuestion = z.input<typeof findRecipient.request>;
const recipients = async (...questions: RecipientQuestion[]) =>
  findRecipients.response.parse(await askerOf(findRecipients).request(findRecipients, { questions })).answers;
const recipient = async (question: RecipientQuestion) => {
  const [answer] = await recipients(question);
  if (answer === undefined) throw new Error('There is no answer.');
  return answer;
};

describe('the user service answers', () => {
  test('which accounts exist, and what they may do', async () => {
    const [staff, customer] = [await scene.openUser('STAFF'), await scene.openUser()];
    const data = { active: false, emailVerified: false };
    await scene.dependencies.database.client.user.update({ where: { id: customer.id }, data });
    const found = await accounts([staff.id, uuidv7(), customer.id]);
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { userId: staff.id, role: 'STAFF', active: true, emailVerified: true },
        { userId: customer.id, role: 'CUSTOMER', ...data },
      ]),
    );
  });

  test('who the staff are: active accounts with the role STAFF or ADMIN', async () => {
    const opened = await Promise.all(
      (['ADMIN', 'STAFF', 'STAFF', 'CUSTOMER'] as const).map((role) => scene.openUser(role)),
    );
    const [admin, staff, inactive, customer] = opened.map(({ id }) => id);
    await scene.dependencies.database.client.user.update({ where: { id: inactive! }, data: { active: false } });
    const answer = await askerOf(findStaff).request(findStaff, {});
    const { userIds } = findStaff.response.parse(answer);
    expect(userIds).toEqual(expect.arrayContaining([admin, staff]));
    for (const id of [inactive, customer]) expect(userIds).not.toContain(id);
  });

  test('where a message goes, with a new token each time for a link', async () => {
    const { id: userId, email } = await scene.openUser();
    expect(await recipient({ userId })).toEqual({ recipient: { email, name: 'Ada', phone: null }, link: null });
    await requestPasswordReset(scene.dependencies, { email }, client);
    await beginAskedResets(scene.dependencies);
    const { requestId } = await scene.linkOf(userId, 'password_reset_requested');
    const [first, second] = [await recipient({ userId, requestId }), await recipient({ userId, requestId })];
    for (const { link } of [first, second])
      expect(link).toEqual({ kind: 'RESET_PASSWORD', token: expect.any(String), expiresAt: expect.any(String) });
    expect(first.link?.token).not.toBe(second.link?.token);
    // A mail that was sent again leaves the first link working.
    const input = { token: first.link?.token ?? '', newPassword: 'staple battery horse correct' };
    expect(await resetPassword(scene.dependencies, input)).toMatchObject({ kind: 'reset' });
    expect(await recipient({ userId, requestId })).toEqual({ recipient: null, link: null });
  });

  test('where the notice about a deleted account goes', async () => {
    const caller = await scene.openCaller('CUSTOMER');
    await deleteAccount(scene.dependencies, { password }, caller);
    const [, data] = (await scene.eventsOf(caller.userId)).at(-1) ?? [];
    const { changeId } = data as { changeId: string };
    expect((await recipient({ userId: caller.userId, changeId })).recipient).toMatchObject({ email: caller.email });
    expect(await recipient({ userId: caller.userId })).toEqual({ recipient: null, link: null });
  });

  test('where many messages go, in the order of the questions, and one as releases before ask', async () => {
    const [first, second] = [await scene.openUser(), await scene.openUser()];
    const answers = await recipients(
      { userId: second.id },
      { userId: uuidv7() },
      { userId: first.id },
      { userId: second.id },
    );
    expect(answers.map((answer) => answer.recipient?.email ?? null)).toEqual([
      second.email,
      null,
      first.email,
      second.email,
    ]);
    const alone = await askerOf(findRecipient).request(findRecipient, { userId: first.id });
    expect(findRecipient.response.parse(alone)).toEqual(await recipient({ userId: first.id }));
  });

  test('a malformed request with a refusal, and goes on', async () => {
    const questions = [{ userId: uuidv7() }, { userId: 'nobody' }];
    const failed = askerOf(findRecipients).request(findRecipients, { questions });
    await expect(failed).rejects.toMatchObject({ reason: 'rejected' });
    expect(await accounts([uuidv7()])).toEqual([]);
  });
});

describe('the broker lets a service ask only what the table of services says', () => {
  const pairs = contracts.flatMap((contract) =>
    serviceNames.map((service) => {
      const isAllowed = topology.requests.some(
        (each) => each.subject === contract.subject && each.requester === service,
      );
      return [service, contract.subject, isAllowed ? 'may' : 'may not', contract] as const;
    }),
  );

  test('and there are services that may not ask each', () => {
    for (const { subject } of contracts)
      expect(pairs.filter(([, asked, may]) => asked === subject && may === 'may not').length).toBeGreaterThan(1);
    for (const { subject } of [findRecipient, findRecipients]) {
      const askers = pairs.filter(([, asked, may]) => asked === subject && may === 'may');
      expect(askers.map(([service]) => service)).toEqual(['notification']);
    }
  });

  test.each(pairs)('%s: %s %s be asked', async (service, _subject, may, contract) => {
    const userId = uuidv7();
    const request = { userIds: [userId], questions: [{ userId }], userId };
    const reason = await brokers[service].request(contract, request).then(
      () => null,
      (error: unknown) => (error instanceof RequestFailed ? error.reason : String(error)),
    );
    expect(reason).toBe(may === 'may' ? null : 'refused');
  });
});
