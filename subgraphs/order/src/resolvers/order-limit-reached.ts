import { userError } from '@shop/subgraph';
import type { ReachedLimit } from '../domain/order-limits.ts';

const messages: Record<ReachedLimit['limit'], string> = {
  OPEN_ORDERS: 'You have too many unpaid orders. Pay or cancel one of them first.',
  UNITS_OF_PRODUCT: 'Your unpaid orders would hold too many units of a product. Pay or cancel one of them first.',
  RESERVED_VALUE: 'The value of your unpaid orders would be too high. Pay or cancel one of them first.',
};

/** Maps the limit that an order would exceed. */
export function orderLimitReached(reached: ReachedLimit) {
  return userError('OrderLimitReached', messages[reached.limit], {
    limit: reached.limit,
    maximum: reached.maximum,
    limitedProductId: 'productId' in reached ? reached.productId : null,
    currencyCode: 'currencyCode' in reached ? reached.currencyCode : null,
  });
}
