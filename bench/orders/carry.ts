import { randomUUID } from 'node:crypto';
import type { Stack } from '@shop/stack';
import { cpuBetween, listProcesses, readCpuTimes } from './cpu-times.ts';
import type { Load, Placed } from './load.ts';
import type { CarriedOrders, OrderRecords } from './order-records.ts';

/** Orders that some clients placed for some time. The measurement ends when all are RESERVED, and their customers have been told. */
export interface Carriage {
  readonly placing: Placed;
  readonly carried: CarriedOrders;
  /** From the first request until the last order was RESERVED. */
  readonly milliseconds: number;
  /** Events that were published for these orders, and messages that were consumed. */
  readonly published: number;
  readonly received: number;
  /** CPU milliseconds per order of each process. */
  readonly cpu: ReadonlyMap<string, number>;
}

export interface Subject {
  readonly stack: Stack;
  readonly load: Load;
  readonly records: OrderRecords;
  readonly accessTokens: readonly string[];
}

export async function carryOrders(
  { stack, load, records, accessTokens }: Subject,
  { productIds, clients, milliseconds }: { productIds: readonly string[]; clients: number; milliseconds: number },
): Promise<Carriage> {
  const keyPrefix = `${randomUUID()}:`;
  const processes = { ...listProcesses(stack), 'load generator': load.pid };
  const cpuTimes = () => readCpuTimes(processes, stack.postgres?.pid ?? null, records.sessions);

  const [messagesBefore, cpuBefore] = [await records.countMessages(), await cpuTimes()];
  const placing = await load.run({
    origin: new URL(stack.graphqlUrl).origin,
    accessTokens,
    productIds,
    clients,
    milliseconds,
    keyPrefix,
  });
  await records.untilCarried();
  await records.untilTold();
  const [cpuAfter, messagesAfter] = [await cpuTimes(), await records.countMessages()];

  const carried = await records.read(keyPrefix, placing.placed);
  const cpu = new Map(
    [...cpuBetween(cpuBefore, cpuAfter)].map(([name, seconds]) => [name, (seconds * 1_000) / placing.placed]),
  );
  return {
    placing,
    carried,
    milliseconds: carried.until - placing.startedAt,
    published: messagesAfter.published - messagesBefore.published,
    received: messagesAfter.received - messagesBefore.received,
    cpu,
  };
}
