import { sqlOver, uuidv7 } from '@shop/subgraph';
import { createRowBuilder } from '@shop/testing';
import { startPaymentsWorld, type PaymentsWorld } from '../../test/payments-world.ts';
import type { ChargeRequest } from './provider.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

const request = (token: string, rest: Partial<ChargeRequest> = {}): ChargeRequest => ({
  key: uuidv7(),
  amountMinor: 1_000,
  currencyCode: 'USD',
  token,
  notAfter: new Date(Date.now() + 60_000),
  ...rest,
});
const charge = (asked: ChargeRequest) => world.provider.charge(asked);
const stored = async (key: string) => (await world.charges([key])).length;

test('tok_visa is captured once per key, even by 50 concurrent calls', async () => {
  const asked = request('tok_visa');
  const answers = await Promise.all(Array.from({ length: 50 }, () => charge(asked)));
  expect(answers.every(({ kind }) => kind === 'captured')).toBe(true);
  expect(await stored(asked.key)).toBe(1);
  expect(await world.provider.findCharge(asked.key)).toEqual({ kind: 'captured' });
});

test.each([
  ['tok_declined', 'The card was declined.'],
  ['tok_insufficient_funds', 'The account has insufficient funds.'],
])('%s is declined permanently', async (token, reason) => {
  const asked = request(token);
  expect([await charge(asked), await charge(asked), await world.provider.findCharge(asked.key)]).toEqual(
    Array(3).fill({ kind: 'declined', reason }),
  );
  expect(await stored(asked.key)).toBe(0);
});

test('tok_timeout is charged, and the first answer is lost', async () => {
  const asked = request('tok_timeout');
  await expect(charge(asked)).rejects.toMatchObject({ code: 'PAYMENT_OUTCOME_UNKNOWN' });
  expect(await world.provider.findCharge(asked.key)).toEqual({ kind: 'captured' });
  expect(await charge(asked)).toEqual({ kind: 'captured' });
  expect(await stored(asked.key)).toBe(1);
});

test.each(['tok_unavailable', 'tok_unknown', '', 'constructor', '__proto__'])(
  '%j fails without a charge',
  async (token) => {
    const asked = request(token);
    await expect(charge(asked)).rejects.toMatchObject({ code: 'PAYMENT_NOT_CHARGED' });
    expect(await world.provider.findCharge(asked.key)).toBeNull();
  },
);

test('accepts its own tokens, and rejects names of object members', () => {
  expect(
    ['tok_visa', 'tok_timeout', 'tok_VISA', ' tok_visa', 'toString', '__proto__', ''].map((token) =>
      world.provider.isToken(token),
    ),
  ).toEqual([true, true, false, false, false, false, false]);
});

test('refuses a charge after notAfter, and still returns an earlier charge', async () => {
  const past = { notAfter: new Date(Date.now() - 1) };
  const late = request('tok_visa', past);
  expect(await charge(late)).toEqual({ kind: 'too-late' });
  expect(await world.provider.findCharge(late.key)).toBeNull();
  const early = request('tok_visa');
  await charge(early);
  expect(await charge({ ...early, ...past })).toEqual({ kind: 'captured' });
});

test('refuses a key for another amount or currency', async () => {
  const asked = request('tok_visa');
  await charge(asked);
  await expect(charge({ ...asked, amountMinor: 1_001 })).rejects.toThrow('another charge');
  await expect(charge({ ...asked, currencyCode: 'EUR' })).rejects.toThrow('another charge');
});

test('a look-up waits for a charge in progress, so that null is final after notAfter', async () => {
  const asked = request('tok_visa');
  let lookUp: Promise<unknown> = Promise.resolve();
  await world.database.transact(async (tx) => {
    await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(hashtextextended('charge ' || $1, 0))::text`, asked.key);
    lookUp = world.provider.findCharge(asked.key);
    const waiting = () =>
      tx.$queryRawUnsafe<object[]>(`SELECT 1 FROM pg_locks
       WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    while ((await waiting()).length === 0);
    const rows = await createRowBuilder(sqlOver(tx));
    await rows.insert('simulated_charges', { key: asked.key, amount_minor: 1_000 });
  });
  expect(await lookUp).toEqual({ kind: 'captured' });
});

test('refunds at most the charged amount, once per key', async () => {
  const asked = request('tok_visa');
  await charge(asked);
  const back = (amountMinor: number, key = uuidv7()) =>
    world.provider.refund({ key, chargeKey: asked.key, amountMinor });
  const key = uuidv7();
  expect(await Promise.all(Array.from({ length: 10 }, () => back(400, key)))).toEqual(
    Array(10).fill({ kind: 'refunded' }),
  );
  const others = await Promise.all(Array.from({ length: 10 }, () => back(200)));
  expect(others.filter(({ kind }) => kind === 'refunded')).toHaveLength(3);
  expect(await back(1)).toMatchObject({ kind: 'refused' });
  expect((await world.refunds([asked.key])).map(({ amountMinor }) => Number(amountMinor)).sort()).toEqual([
    200, 200, 200, 400,
  ]);
});

test('refunds no declined or missing charge, and rejects a key of another refund', async () => {
  const [declined, captured] = [request('tok_declined'), request('tok_visa')];
  await Promise.all([charge(declined), charge(captured)]);
  const key = uuidv7();
  const back = (chargeKey: string, amountMinor = 1, refundKey = uuidv7()) =>
    world.provider.refund({ key: refundKey, chargeKey, amountMinor });
  expect(await back(declined.key)).toMatchObject({ kind: 'refused' });
  expect(await back(uuidv7())).toMatchObject({ kind: 'refused' });
  expect(await back(captured.key, 5, key)).toEqual({ kind: 'refunded' });
  expect(await back(captured.key, 6, key)).toMatchObject({ kind: 'refused' });
});
