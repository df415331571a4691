import { findProducts as contract } from '@shop/contracts';
import type { Broker } from '@shop/messaging';
import type { Database } from '../db/database.ts';
import { findProducts } from '../db/products.ts';
import { toPublicProduct } from './outgoing.ts';

/** Answers the questions of other services. */
export function answerRequests(broker: Broker, database: Database): void {
  broker.respond(contract, async (payload) => {
    const { productIds } = contract.request.parse(payload);
    const products = await findProducts(database, productIds);
    return contract.response.parse({ products: products.map(toPublicProduct) });
  });
}
