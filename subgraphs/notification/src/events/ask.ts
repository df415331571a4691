import { findOrder, findProducts, findRecipients, findStaff } from '@shop/contracts';
import { type Broker, RequestFailed } from '@shop/messaging';
import DataLoader from 'dataloader';
import type { z } from 'zod';

export type RecipientAnswer = z.infer<typeof findRecipients.response>['answers'][number];
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
  // The messages of a batch ask in the same turn of the event loop, and share a request. Nothing is remembered.
  const recipients = new DataLoader((questions: readonly RecipientQuestion[]) => askRecipients(broker, questions), {
    cache: false,
    maxBatchSize: MAX_QUESTIONS,
  });
  return {
    findRecipient: (question) => recipients.load(question),
    findStaff: async () => findStaff.response.parse(await broker.request(findStaff, {})).userIds,
    findOrder: async (orderId) => findOrder.response.parse(await broker.request(findOrder, { orderId })).order,
    findProduct: async (productId) => {
      const answer = await broker.request(findProducts, { productIds: [productId] });
      return findProducts.response.parse(answer).products[0] ?? null;
    },
  };
}

/** The contract allows 100. */
const MAX_QUESTIONS = 50;

/** Returns the answers in the order of the questions. A question that cannot be answered does not fail the others. */
async function askRecipients(
  broker: Broker,
  questions: readonly RecipientQuestion[],
): Promise<(RecipientAnswer | Error)[]> {
  try {
    return findRecipients.response.parse(await broker.request(findRecipients, { questions })).answers;
  } catch (error) {
    if (!(error instanceof RequestFailed && error.reason === 'rejected')) throw error;
    if (questions.length === 1) return [error];
    return (await Promise.all(questions.map((question) => askRecipients(broker, [question])))).flat();
  }
}
