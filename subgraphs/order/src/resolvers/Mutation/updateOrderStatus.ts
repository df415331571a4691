import { requireUser } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { updateOrderStatus as updateOrderStatusUseCase } from '../../use-cases/update-order-status.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const updateOrderStatus: MutationResolvers['updateOrderStatus'] = async (_root, { input }, context) => {
  const outcome = await updateOrderStatusUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'updated':
      return { __typename: 'UpdateOrderStatusSuccess', order: outcome.order };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such order.', { id: outcome.orderId });
    case 'invalid-transition':
      return userError(
        'InvalidTransition',
        `An order that is ${outcome.from} does not become ${outcome.to} by staff.`,
        {
          from: outcome.from,
          to: outcome.to,
        },
      );
    default:
      return outcome satisfies never;
  }
};
