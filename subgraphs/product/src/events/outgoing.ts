import {
  categoryCreated,
  categoryDeleted,
  categoryUpdated,
  inventoryUpdated,
  productCreated,
  productDeleted,
  productUpdated,
  type PublicCategory,
  type PublicProduct,
} from '@shop/contracts';
import { newEvent, type OutboxEvent } from '@shop/messaging';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import { countAvailable, type Stock } from '../domain/stock.ts';

/** Maps a product to its published form. */
export function toPublicProduct(product: Product): PublicProduct {
  const { id, createdAt, updatedAt, ...rest } = product;
  return { productId: id, ...rest, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function productWasCreated(product: Product): OutboxEvent {
  return newEvent(productCreated, { aggregateId: product.id, data: toPublicProduct(product) });
}

export function productWasUpdated(product: Product): OutboxEvent {
  return newEvent(productUpdated, { aggregateId: product.id, data: toPublicProduct(product) });
}

export function productWasDeleted(product: Product): OutboxEvent {
  return newEvent(productDeleted, { aggregateId: product.id, data: toPublicProduct(product) });
}

const toPublicCategory = ({ id, ...rest }: Category): PublicCategory => ({ categoryId: id, ...rest });

export function categoryWasCreated(category: Category): OutboxEvent {
  return newEvent(categoryCreated, { aggregateId: category.id, data: toPublicCategory(category) });
}

export function categoryWasUpdated(category: Category): OutboxEvent {
  return newEvent(categoryUpdated, { aggregateId: category.id, data: toPublicCategory(category) });
}

export function categoryWasDeleted(category: Category): OutboxEvent {
  return newEvent(categoryDeleted, { aggregateId: category.id, data: toPublicCategory(category) });
}

export function inventoryWasUpdated(stock: Stock): OutboxEvent {
  return newEvent(inventoryUpdated, {
    aggregateId: stock.productId,
    data: { ...stock, available: countAvailable(stock) },
  });
}
