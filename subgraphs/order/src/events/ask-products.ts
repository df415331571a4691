import { findProducts, type OrderableProduct } from '@shop/contracts';
import { RequestFailed, type Broker } from '@shop/messaging';

const TIMEOUT_MS = 1_000;

/** Requests products from the product service. Returns none if it does not answer within a second. */
export function createProductQuestion(broker: Broker) {
  return async (productIds: readonly string[]): Promise<OrderableProduct[]> => {
    try {
      const answer = await broker.request(findProducts, { productIds }, { timeoutMs: TIMEOUT_MS });
      return findProducts.response.parse(answer).products;
    } catch (error) {
      if (error instanceof RequestFailed) return [];
      throw error;
    }
  };
}
