import { invalidInput, requireUser, userError } from '@shop/service';
import type { Context } from '../../context.ts';
import { adjustStock as adjustStockUseCase } from '../../use-cases/adjust-stock.ts';

export async function adjustStock(_root: unknown, { input }: { input: unknown }, context: Context) {
  const outcome = await adjustStockUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'adjusted': {
      const { movement } = outcome;
      return { __typename: 'AdjustStockSuccess', movement, product: await context.products.load(movement.productId) };
    }
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such product.', { id: outcome.productId });
    case 'insufficient-stock':
      return userError('InsufficientStock', 'Less is free than the movement would take away.', {
        available: outcome.available,
      });
    case 'idempotency-conflict':
      return userError('IdempotencyConflict', 'The idempotency key was used before with another input.');
    default:
      return outcome satisfies never;
  }
}
