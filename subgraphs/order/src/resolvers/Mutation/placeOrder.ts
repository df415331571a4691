import { requireUser, unauthenticated } from '@shop/access';
import { unavailable } from '@shop/graphql';
import { invalidInput, userError } from '@shop/subgraph';
import { placeOrder as placeOrderUseCase } from '../../use-cases/place-order.ts';
import { orderLimitReached } from '../order-limit-reached.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const placeOrder: MutationResolvers['placeOrder'] = async (_root, { input }, context) => {
  const outcome = await placeOrderUseCase(context, input, requireUser(context.viewer));
  switch (outcome.kind) {
    case 'placed':
      return { __typename: 'PlaceOrderSuccess', order: outcome.order };
    case 'invalid-input':
      return invalidInput(outcome.issues);
    case 'product-unavailable':
      return userError('ProductUnavailable', 'The product does not exist or is not on sale.', {
        productId: outcome.productId,
      });
    case 'price-changed':
      return userError('PriceChanged', 'The total is not the expected one.', {
        total: { amount: outcome.totalMinor, currencyCode: outcome.currencyCode },
      });
    case 'idempotency-conflict':
      return userError('IdempotencyConflict', 'The idempotency key was used before with another input.');
    case 'limit-reached':
      return orderLimitReached(outcome.reached);
    case 'email-not-verified':
      return userError('EmailNotVerified', 'Verify your e-mail before you order, with the link that was sent to you.');
    case 'email-unknown':
      throw unavailable('Your account cannot be checked now. Try again later.');
    case 'no-account':
      throw unauthenticated();
    default:
      return outcome satisfies never;
  }
};
