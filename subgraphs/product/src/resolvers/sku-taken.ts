import { userError } from '@shop/subgraph';
import type { SkuTaken } from '../use-cases/sku-taken.ts';

/** Maps the outcome to the failure of the schema. */
export function skuTaken({ sku, holder }: SkuTaken) {
  const message =
    holder?.onSale === false
      ? `The product ${holder.id}, which is off sale, has this SKU. updateProduct with onSale: true brings it back.`
      : 'Another product has this SKU.';
  return userError('SkuTaken', message, { sku, productId: holder?.id ?? null, onSale: holder?.onSale ?? null });
}
