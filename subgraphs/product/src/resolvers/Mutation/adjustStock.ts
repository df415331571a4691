import { requireUser } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { adjustStock as adjustStockUseCase } from '../../use-cases/adjust-stock.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const adjustStock: MutationResolvers['adjustStock'] = async (_root, { input }, context) => {
  const outcome = await adjustStockUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'adjusted': {
      const { movement } = outcome;
      const product = await context.products.load(movement.productId);
      // Products are taken off sale, never removed.
      if (product === null)
        throw new Error(`The product ${movement.productId} does not exist, although it has a ledger.`);
      return { __typename: 'AdjustStockSuccess', movement, product };
    }
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such product.', { id: outcome.productId });
    case 'insufficient-stock':
      return userError('InsufficientStock', 'Fewer units are available than the movement would remove.', {
        available: outcome.available,
      });
    case 'idempotency-conflict':
      return userError('IdempotencyConflict', 'The idempotency key was used before with another input.');
    default:
      return outcome satisfies never;
  }
};
