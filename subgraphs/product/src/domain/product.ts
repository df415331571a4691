export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** In the currency's minor unit. */
  readonly priceMinor: number;
  readonly currencyCode: string;
  readonly imageUrl: string | null;
  readonly categoryId: string | null;
  readonly onSale: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What of a product can be changed. */
export type ProductChange = Partial<
  Pick<Product, 'sku' | 'name' | 'description' | 'priceMinor' | 'currencyCode' | 'imageUrl' | 'categoryId' | 'onSale'>
>;

/** The product with a change and the next version; the product itself where nothing is different. */
export function change(product: Product, wanted: ProductChange, at: Date): Product {
  const changed = { ...product, ...wanted };
  const isDifferent = (Object.keys(wanted) as (keyof ProductChange)[]).some((key) => wanted[key] !== product[key]);
  return isDifferent ? { ...changed, version: product.version + 1, updatedAt: at } : product;
}
