import { type Viewer } from '@shop/process';
import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase } from '@shop/testing';
import { saveCatalogueProducts } from '../src/db/catalogue.ts';
import { openDatabase } from '../src/db/database.ts';
import type { PaymentProvider } from '../src/payments/provider.ts';
import { createSimulatedProvider } from '../src/payments/simulated-provider.ts';
import type { Dependencies } from '../src/use-cases/dependencies.ts';
import { payOrder, type PayOrderOutcome } from '../src/use-cases/pay-order.ts';
import { placeOrder } from '../src/use-cases/place-order.ts';
import { settleReservations } from '../src/use-cases/settle-reservations.ts';

/** A database with reserved orders to pay, and a provider that counts its calls. */
export async function startPaymentsWorld() {
  const server = await startTestDatabase('order');
  const database = openDatabase(server.url);
  const memory = openDatabase(server.url);
  const provider = createSimulatedProvider(memory);
  const calls: { method: string; key: string }[] = [];
  const counted: PaymentProvider = {
    isToken: (token) => provider.isToken(token),
    charge: (request) => (calls.push({ method: 'charge', key: request.key }), provider.charge(request)),
    refund: (request) => (calls.push({ method: 'refund', key: request.key }), provider.refund(request)),
    findCharge: (key) => (calls.push({ method: 'findCharge', key }), provider.findCharge(key)),
  };
  const dependencies = (rest: Partial<Dependencies> = {}): Dependencies => ({
    database,
    payments: counted,
    askForProducts: async () => [],
    orderLimits: {},
    now: () => new Date(),
    ...rest,
  });
  const productId = uuidv7();
  await saveCatalogueProducts(
    database.client,
    [{ productId, sku: 'A', name: 'A', priceMinor: 1000, currencyCode: 'USD', onSale: true, version: 1 }],
    new Date(),
  );
  const freeId = uuidv7();
  await saveCatalogueProducts(
    database.client,
    [{ productId: freeId, sku: 'F', name: 'F', priceMinor: 0, currencyCode: 'JPY', onSale: true, version: 1 }],
    new Date(),
  );

  async function pending(customerId = uuidv7(), product = productId) {
    const input = {
      items: [{ productId: product, quantity: 1 }],
      idempotencyKey: uuidv7(),
      shippingAddress: { street: '1 Main Street', city: 'Springfield', postalCode: '12345', country: 'US' },
    };
    const placed = await placeOrder(dependencies(), input, customerId);
    if (placed.kind !== 'placed') throw new Error(JSON.stringify(placed));
    return { id: placed.order.id, customerId };
  }

  /** Lets an order know that its stock is reserved. */
  const reserve = (orderId: string) =>
    database.transact((tx) =>
      settleReservations(tx, [{ orderId, type: 'RESERVED', reason: null }], {
        at: new Date(),
        reservationSeconds: 900,
      }),
    );

  async function reserved(customerId?: string, product?: string) {
    const order = await pending(customerId, product);
    await reserve(order.id);
    return order;
  }
  type Reserved = Awaited<ReturnType<typeof reserved>>;

  const pay = (
    { id, customerId }: Reserved,
    paymentToken = 'tok_visa',
    { key = uuidv7(), ...rest }: Partial<Dependencies> & { key?: string } = {},
  ) => payOrder(dependencies(rest), { orderId: id, paymentToken, idempotencyKey: key }, customerId);

  return {
    server,
    database,
    provider,
    dependencies,
    pending,
    reserve,
    reserved,
    pay,
    calls,
    free: (customerId = uuidv7()) => reserved(customerId, freeId),
    async paid() {
      const order = await reserved();
      const outcome = await pay(order);
      if (outcome.kind !== 'paid') throw new Error(JSON.stringify(outcome));
      return { ...order, payment: outcome.payment };
    },
    load: (id: string) =>
      database.client.order.findUniqueOrThrow({
        where: { id },
        include: {
          history: { orderBy: { sequence: 'asc' } },
          payments: { orderBy: { createdAt: 'asc' }, include: { refunds: true } },
        },
      }),
    /** Returns the events of an order, without those of its placing and reservation. */
    async eventsOf(aggregateId: string): Promise<string[]> {
      const rows = await database.client.outbox.findMany({ where: { aggregateId }, orderBy: { sequence: 'asc' } });
      return rows.slice(2).map(({ type, payload }) => {
        const { data } = payload as { data: { status?: string; outcome?: string; amountMinor?: number } };
        return `${type.split('.').slice(1, 3).join('.')} ${data.outcome ?? data.status ?? data.amountMinor}`;
      });
    },
    charges: (keys: readonly string[]) =>
      database.client.simulatedCharge.findMany({ where: { key: { in: [...keys] }, declined: null } }),
    refunds: (keys: readonly string[]) =>
      database.client.simulatedRefund.findMany({ where: { chargeKey: { in: [...keys] } } }),
    /** Moves the time limits of attempts into the past, so that the provider no longer charges. */
    async timePasses(orderId: string) {
      await database.client.payment.updateMany({
        where: { orderId, status: 'PENDING' },
        data: { chargeUntil: new Date(Date.now() - 60_000), dueAt: new Date(0) },
      });
    },
    async stop() {
      await database.close();
      await memory.close();
      await server.stop();
    },
  };
}

export type PaymentsWorld = Awaited<ReturnType<typeof startPaymentsWorld>>;

export const viewer = (userId: string | null, ...scopes: string[]): Viewer => ({
  userId,
  sessionId: uuidv7(),
  scopes: new Set(scopes),
});

export const kinds = (outcomes: readonly PayOrderOutcome[]): string[] => outcomes.map(({ kind }) => kind).sort();
