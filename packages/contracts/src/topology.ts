import { orderCancelled, orderCreated, orderUpdated } from './order.ts';
import { inventoryRejected, inventoryReserved, productCreated, productDeleted, productUpdated } from './product.ts';
import { findProducts } from './requests.ts';
import { userDeleted } from './user.ts';

/** One stream a publisher. */
export const streams = {
  user: { name: 'USER', publisher: 'user', subjects: ['shop.user.>'] },
  product: { name: 'PRODUCT', publisher: 'product', subjects: ['shop.product.>', 'shop.inventory.>'] },
  order: { name: 'ORDER', publisher: 'order', subjects: ['shop.order.>', 'shop.payment.>'] },
} as const;

/** One durable consumer for each stream that a service follows. */
export const consumers = {
  productFromOrder: { subscriber: 'product', stream: 'ORDER', subjects: [orderCreated.type, orderUpdated.type, orderCancelled.type] },
  orderFromProduct: {
    subscriber: 'order',
    stream: 'PRODUCT',
    subjects: [
      productCreated.type,
      productUpdated.type,
      productDeleted.type,
      inventoryReserved.type,
      inventoryRejected.type,
    ],
  },
  orderFromUser: { subscriber: 'order', stream: 'USER', subjects: [userDeleted.type] },
} as const;

/** Every stream, durable consumer and request of the system. Permissions at the broker follow from it. */
export const topology = {
  streams: Object.values(streams),
  consumers: Object.values(consumers),
  requests: [findProducts],
} as const;
