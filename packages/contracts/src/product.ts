import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { currencyCode, id, instant, minorUnits, quantity, sequence } from './scalars.ts';

/** The whole public product, so that subscribers can keep a copy without further requests. */
export const publicProduct = z.object({
  productId: id,
  sku: z.string(),
  name: z.string(),
  description: z.string(),
  priceMinor: minorUnits,
  currencyCode,
  imageUrl: z.string().nullable(),
  /** Null without a category. Older events lack it. */
  categoryId: id.nullable().optional(),
  onSale: z.boolean(),
  version: sequence,
  createdAt: instant,
  updatedAt: instant,
});
export type PublicProduct = z.infer<typeof publicProduct>;

const reservedLine = z.object({ productId: id, quantity });

export const productCreated = defineEvent('shop.product.created.v1', '/product', publicProduct);

/** The product after a change. An event whose version is not higher than the last seen one is old. */
export const productUpdated = defineEvent('shop.product.updated.v1', '/product', publicProduct);

/** The product after it was taken off sale. It is kept, and an update may put it back on sale. */
export const productDeleted = defineEvent('shop.product.deleted.v1', '/product', publicProduct);

const publicCategory = z.object({
  categoryId: id,
  slug: z.string(),
  name: z.string(),
  /** Null at the top. */
  parentId: id.nullable(),
  version: sequence,
});
export type PublicCategory = z.infer<typeof publicCategory>;

export const categoryCreated = defineEvent('shop.category.created.v1', '/product', publicCategory);

/** The category after a change of its name, its slug or its place. An event whose version is not higher than the last seen one is old. */
export const categoryUpdated = defineEvent('shop.category.updated.v1', '/product', publicCategory);

/** The category as it was. It has no products any more. */
export const categoryDeleted = defineEvent('shop.category.deleted.v1', '/product', publicCategory);

/** Stock of one product after a change. An event whose sequence is not higher than the last seen one is old. */
export const inventoryUpdated = defineEvent(
  'shop.inventory.updated.v1',
  '/product',
  z.object({
    productId: id,
    onHand: z.int().nonnegative(),
    reserved: z.int().nonnegative(),
    available: z.int().nonnegative(),
    sequence,
  }),
);

/** Every line of an order is reserved. */
export const inventoryReserved = defineEvent(
  'shop.inventory.reserved.v1',
  '/product',
  z.object({ orderId: id, lines: z.array(reservedLine) }),
);

/** No line of an order is reserved, because at least one could not be. */
export const inventoryRejected = defineEvent(
  'shop.inventory.rejected.v1',
  '/product',
  z.object({ orderId: id, reason: z.string(), productIds: z.array(id) }),
);

/** The stock that was reserved for an order is available again. */
export const inventoryReleased = defineEvent(
  'shop.inventory.released.v1',
  '/product',
  z.object({ orderId: id, lines: z.array(reservedLine) }),
);

/** The stock that was reserved for an order has left the warehouse. */
export const inventoryCommitted = defineEvent(
  'shop.inventory.committed.v1',
  '/product',
  z.object({ orderId: id, lines: z.array(reservedLine) }),
);
