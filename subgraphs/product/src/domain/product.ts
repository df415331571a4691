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

/** One value for a SKU in upper and lower case. SKUs are ASCII. */
export function toSkuKey(sku: string): string {
  return sku.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The fields that a person decides. */
type EditableFields = Omit<Product, 'id' | 'version' | 'createdAt' | 'updatedAt'>;

/** Fields to change. A field that is absent or undefined stays. */
export type ProductChange = { readonly [Field in keyof EditableFields]?: EditableFields[Field] | undefined };

/** A new product, on sale in its first version. */
export function newProduct(id: string, fields: Omit<EditableFields, 'onSale'>, at: Date): Product {
  return { ...fields, id, onSale: true, version: 1, createdAt: at, updatedAt: at };
}

/** Returns the product with a change and the next version, or the same product when nothing differs. */
export function changeProduct(product: Product, wanted: ProductChange, at: Date): Product {
  const differences = Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => value !== undefined && value !== product[field as keyof Product]),
  );
  if (Object.keys(differences).length === 0) return product;
  return { ...product, ...differences, version: product.version + 1, updatedAt: at };
}
