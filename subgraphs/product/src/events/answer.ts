import { findProducts as contract } from '@shop/contracts';
import { answer } from '@shop/subgraph';
import { loadProducts } from '../db/rows-by-id.ts';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { toPublicProduct } from './outgoing.ts';

/** Answers to requests of other services. */
export const answers = [
  answer(contract, async ({ productIds }, { database }: Dependencies) => ({
    products: [...(await loadProducts(database.client, productIds)).values()].map(toPublicProduct),
  })),
];
