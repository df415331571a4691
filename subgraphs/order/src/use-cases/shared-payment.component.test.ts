import { startPaymentsWorld, type PaymentsWorld } from '../../test/payments-world.ts';
import { NotCharged, type PaymentProvider } from '../payments/provider.ts';
import { settleDuePayments } from './settle-payments.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.stop());

test('a request that charged nothing does not fail an attempt that it shares with a request that charged and died', async () => {
  const order = await world.reserved();
  let isAsked = (): void => {};
  let mayCharge = (): void => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    mayCharge = resolve;
  });
  const dies: PaymentProvider = {
    ...world.provider,
    charge: async (request) => {
      isAsked();
      await gate;
      await world.provider.charge(request);
      throw new Error('the process died');
    },
  };
  const away: PaymentProvider = { ...world.provider, charge: () => Promise.reject(new NotCharged('away')) };

  const first = world.pay(order, 'tok_visa', { key: 'k', payments: dies });
  await asked;
  expect(await world.pay(order, 'tok_visa', { key: 'k', payments: away })).toEqual({ kind: 'unknown' });
  mayCharge();
  await expect(first).rejects.toThrow('the process died');
  expect(await world.load(order.id)).toMatchObject({ status: 'RESERVED', payments: [{ status: 'PENDING' }] });

  await world.timePasses(order.id);
  while (await settleDuePayments(world.dependencies()));
  expect(await world.load(order.id)).toMatchObject({ status: 'PAID', payments: [{ status: 'SUCCEEDED' }] });
});

test('an attempt without a charge is FAILED after its time limit, however many requests shared it', async () => {
  const order = await world.reserved();
  const away: PaymentProvider = { ...world.provider, charge: () => Promise.reject(new NotCharged('away')) };
  await Promise.all(Array.from({ length: 5 }, () => world.pay(order, 'tok_visa', { key: 'k', payments: away })));
  await world.timePasses(order.id);
  while (await settleDuePayments(world.dependencies()));
  expect(await world.load(order.id)).toMatchObject({ status: 'RESERVED', payments: [{ status: 'FAILED' }] });
  expect(await world.pay(order, 'tok_visa', { key: 'k' })).toMatchObject({ kind: 'paid' });
});
