import { requireUser } from '@shop/access';
import { invalidInput, userError } from '@shop/subgraph';
import { payOrder as payOrderUseCase } from '../../use-cases/pay-order.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const payOrder: MutationResolvers['payOrder'] = async (_root, { input }, context) => {
  const outcome = await payOrderUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'paid':
      return { __typename: 'PayOrderSuccess', order: outcome.order, payment: outcome.payment };
    case 'declined':
      return userError('PaymentDeclined', outcome.payment.failureReason ?? 'The payment was declined.', {
        payment: outcome.payment,
      });
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'not-found':
      return userError('NotFound', 'There is no such order.', { id: outcome.orderId });
    case 'invalid-transition':
      return userError('InvalidTransition', `An order that is ${outcome.from} cannot be paid.`, {
        from: outcome.from,
        to: 'PAID',
      });
    case 'idempotency-conflict':
      return userError('IdempotencyConflict', 'The idempotency key was used before with another input.');
    case 'in-progress':
      return userError(
        'PaymentInProgress',
        'Another payment of the order is being made; its outcome is known in moments.',
      );
    case 'not-charged':
      return userError(
        'PaymentProviderUnavailable',
        'The payment provider could not be reached, and nothing was charged. Send the same input again.',
      );
    case 'unknown':
      return userError(
        'PaymentProviderUnavailable',
        'The payment provider did not answer. Whether it charged is looked up: send the same input again, it never charges twice.',
      );
    default:
      return outcome satisfies never;
  }
};
