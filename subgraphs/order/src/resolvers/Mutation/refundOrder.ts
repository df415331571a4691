import { invalidInput, userError } from '@shop/subgraph';
import { refundOrder as refundOrderUseCase } from '../../use-cases/refund-order.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const refundOrder: MutationResolvers['refundOrder'] = async (_root, { input }, context) => {
  const outcome = await refundOrderUseCase(context, input, context.viewer);
  switch (outcome.kind) {
    case 'accepted':
      return { __typename: 'RefundOrderSuccess', order: outcome.order, payment: outcome.payment };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such order.', { id: outcome.orderId });
    case 'invalid-transition':
      return userError('InvalidTransition', `An order that is ${outcome.from} has nothing to refund.`, {
        from: outcome.from,
        to: null,
      });
    case 'too-large':
      return userError('RefundTooLarge', 'The amount is more than what is left of what was paid.', {
        refundable: { amount: outcome.refundableMinor, currencyCode: outcome.currencyCode },
      });
    case 'idempotency-conflict':
      return userError('IdempotencyConflict', 'The idempotency key was used before with another input.');
    default:
      return outcome satisfies never;
  }
};
