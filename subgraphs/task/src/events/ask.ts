import { findAccounts, findProducts, type OrderableProduct } from '@shop/contracts';
import { unavailable } from '@shop/graphql';
import { RequestFailed, type Broker } from '@shop/messaging';

const TIMEOUT_MS = 1_000;

/**
 * Asks the user service whether an account exists and is active.
 *
 * @throws GraphQLError SERVICE_UNAVAILABLE when it does not answer within a second
 */
export function createAccountQuestion(broker: Pick<Broker, 'request'>) {
  return async (userId: string): Promise<boolean> => {
    try {
      const answer = await broker.request(findAccounts, { userIds: [userId] }, { timeoutMs: TIMEOUT_MS });
      return findAccounts.response
        .parse(answer)
        .accounts.some((account) => account.userId === userId && account.active);
    } catch (error) {
      if (error instanceof RequestFailed) throw unavailable('The account cannot be checked now. Try again later.');
      throw error;
    }
  };
}

/** Requests products from the product service. Throws RequestFailed when it does not answer within a second. */
export function createProductQuestion(broker: Pick<Broker, 'request'>) {
  return async (productIds: readonly string[]): Promise<readonly OrderableProduct[]> => {
    const answer = await broker.request(findProducts, { productIds }, { timeoutMs: TIMEOUT_MS });
    return findProducts.response.parse(answer).products;
  };
}
