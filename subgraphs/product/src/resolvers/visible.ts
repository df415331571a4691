import { hasScope } from '@shop/access';
import { type Viewer } from '@shop/process';
import type { Product } from '../domain/product.ts';

/** A product that the viewer may find: one on sale, or any for callers with product:write. */
export function visible(product: Product | null, viewer: Viewer): Product | null {
  return product && (product.onSale || hasScope(viewer, 'product:write')) ? product : null;
}
