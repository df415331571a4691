import { findOrder } from '@shop/contracts';
import { answer } from '@shop/subgraph';
import { findOrderById } from '../db/orders.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { toEventLine } from './outgoing.ts';

/** Answers to requests of other services. */
export const answers = [
  answer(findOrder, async ({ orderId }, { database }: Dependencies) => {
    const order = await findOrderById(database.client, orderId);
    if (order === null) return { order: null };
    const { number, customerId, lines, totalMinor, currencyCode } = order;
    return { order: { orderId, number, customerId, lines: lines.map(toEventLine), totalMinor, currencyCode } };
  }),
];
