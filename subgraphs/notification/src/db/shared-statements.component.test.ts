import { passwordResetRequested } from '@shop/contracts';
import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/subgraph';
import pg from 'pg';
import { startWorld, type World } from '../../test/world.ts';
import { claimDue, type ClaimedMessage } from './queue.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => world?.stop());

/** Queues a message to each of some new accounts. */
async function queueResets(count: number) {
  const accounts = Array.from({ length: count }, () => world.openAccount());
  for (const { id } of accounts) await world.deliver(passwordResetRequested, { userId: id, requestId: uuidv7() });
  return accounts;
}

/** Records the texts of the statements that are sent from now on. */
function recordStatements(): () => string[] {
  const query = jest.spyOn(pg.Client.prototype, 'query');
  return () => query.mock.calls.map(([first]) => (first as unknown as { text?: string }).text ?? String(first));
}

const handOver = ({ id, claimId }: ClaimedMessage, subject: string) =>
  world.database.shared.markHandedOver({ id, claimId, recipientId: uuidv7(), subject, unsubscribeHash: null });

test('messages that are sent at the same time share the statements that mark them', async () => {
  const accounts = await queueResets(8);
  const statements = recordStatements();
  await world.send();
  const marks = statements().filter((text) => /SET (handed_over_at|status = 'SENT')/.test(text));
  expect(marks.length).toBeGreaterThanOrEqual(2);
  // One by one they are sixteen.
  expect(marks.length).toBeLessThan(12);
  for (const { id, email } of accounts) {
    expect(world.mailsTo(email)).toHaveLength(1);
    expect(await world.rows(id)).toMatchObject([{ status: 'SENT', attempts: 1, claimId: null, recipientId: id }]);
  }
});

test('a message whose data the database rejects does not keep the others', async () => {
  await queueResets(4);
  const [first, ...others] = await claimDue(world.database.client, 'urgent', 4);
  const [bad, good, late] = others as [ClaimedMessage, ClaimedMessage, ClaimedMessage];
  // The first one goes alone, and the others wait for it and go together.
  const results = await Promise.allSettled([
    handOver(first as ClaimedMessage, 'a'),
    handOver(bad, 'NUL \0 in a text'),
    handOver(good, 'b'),
    handOver({ ...late, claimId: uuidv7() }, 'The claim has ended.'),
  ]);
  expect(results).toMatchObject([
    { status: 'fulfilled', value: true },
    { status: 'rejected' },
    { status: 'fulfilled', value: true },
    { status: 'fulfilled', value: false },
  ]);
});
