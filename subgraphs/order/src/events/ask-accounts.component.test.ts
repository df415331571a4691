import path from 'node:path';
import { findAccounts, topology } from '@shop/contracts';
import { connectBroker, type Broker } from '@shop/messaging';
import { natsUsers, startNats } from '@shop/stack';
import { uuidv7 } from '@shop/subgraph';
import { eventually, temporaryDirectory } from '@shop/testing';
import { createEmailQuestion } from './ask-accounts.ts';

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const stops: (() => Promise<unknown>)[] = [];
let connect: (service: string) => Promise<Broker>;

beforeAll(async () => {
  const directory = await temporaryDirectory();
  stops.unshift(() => directory.remove());
  const users = natsUsers(topology, (user) => `password of ${user}`);
  const nats = await startNats({ dataDir: path.join(directory.path, 'nats'), users });
  stops.unshift(() => nats.stop());
  connect = async (service) => {
    const broker = await connectBroker({ url: nats.url(service), service, topology, logger });
    stops.unshift(() => broker.close());
    return broker;
  };
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

test('the state of an e-mail is what the user service answers, and unknown without an answer', async () => {
  const ask = createEmailQuestion(await connect('order'));
  const account = { userId: uuidv7(), role: 'CUSTOMER', active: true, emailVerified: true };
  expect(await ask(account.userId)).toBe('unknown');

  const states = [
    [[account], 'verified'],
    [[{ ...account, emailVerified: false }], 'not-verified'],
    [[{ ...account, active: false }], 'no-account'],
    [[], 'no-account'],
  ] as const;
  const answers = states.map(([accounts]) => ({ accounts }));
  const requests: unknown[] = [];
  const users = await connect('user');
  users.respond(findAccounts, async (request) => {
    requests.push(findAccounts.request.parse(request));
    const answer = answers.shift();
    if (answer === undefined) throw new Error('failing');
    return answer;
  });
  const [[, first], ...others] = states;
  // The subscription is on its way to the server.
  await eventually(async () => expect(await ask(account.userId)).toBe(first));
  for (const [, state] of others) expect(await ask(account.userId)).toBe(state);
  expect(await ask(account.userId)).toBe('unknown');
  expect(requests).toEqual(Array(5).fill({ userIds: [account.userId] }));
});
