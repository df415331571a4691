import { invalidInput, userError } from '@shop/subgraph';
import { cancelOrder as cancelOrderUseCase } from '../../use-cases/cancel-order.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const cancelOrder: MutationResolvers['cancelOrder'] = async (_root, { input }, context) => {
  const outcome = await cancelOrderUseCase(context, input, context.viewer);
  switch (outcome.kind) {
    case 'cancelled':
      return { __typename: 'CancelOrderSuccess', order: outcome.order };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such order.', { id: outcome.orderId });
    case 'invalid-transition':
      return userError('InvalidTransition', `An order that is ${outcome.from} cannot be cancelled.`, {
        from: outcome.from,
        to: 'CANCELLED',
      });
    default:
      return outcome satisfies never;
  }
};
