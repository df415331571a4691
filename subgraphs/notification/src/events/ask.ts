import { findOrder, findProducts, findRecipient, findStaff } from '@shop/contracts';
import type { Broker } from '@shop/messaging';
import type { z } from 'zod';

export type RecipientAnswer = z.infer<typeof findRecipient.response>;
export type OrderAnswer = NonNullable<z.infer<typeof findOrder.response>['order']>;

/** Who is asked, and by what, where a message goes. */
export interface RecipientQuestion {
  readonly userId: string;
  readonly requestId?: string;
  readonly changeId?: string;
  readonly at?: string;
}

/** Questions to other services. Each throws RequestFailed when the service does not answer. */
export interface Questions {
  /** Asks where a message goes, and for the token of its link. The answer is a secret: use it at once, and forget it. */
  readonly findRecipient: (question: RecipientQuestion) => Promise<RecipientAnswer>;
  readonly findStaff: () => Promise<readonly string[]>;
  /** Returns null when there is no such order. */
  readonly findOrder: (orderId: string) => Promise<OrderAnswer | null>;
  /** Returns null when there is no such product. */
  readonly findProduct: (productId: string) => Promise<{ readonly name: string; readonly sku: string } | null>;
}

export function createQuestions(broker: Broker): Questions {
  return {
    findRecipient: async (question) => findRecipient.response.parse(await broker.request(findRecipient, question)),
    findStaff: async () => findStaff.response.parse(await broker.request(findStaff, {})).userIds,
    findOrder: async (orderId) => findOrder.response.parse(await broker.request(findOrder, { orderId })).order,
    findProduct: async (productId) => {
      const answer = await broker.request(findProducts, { productIds: [productId] });
      return findProducts.response.parse(answer).products[0] ?? null;
    },
  };
}
