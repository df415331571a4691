import { changeProduct, newProduct, type Product, type ProductChange } from './product.ts';
import { adjust, MAX_ON_HAND, type Movement, type Stock } from './stock.ts';

/** A product as it should be. Fields that are absent or undefined stay. */
export interface ImportedProduct extends ProductChange {
  readonly sku: string;
  /** The units on hand of a new product, and those of an existing one where its stock is set. */
  readonly initialStock: number | null;
}

/** What is wrong with a field. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

/** What brings the catalogue in line with an imported product. */
export type ImportDecision =
  | { readonly kind: 'created'; readonly product: Product; readonly initialStock: number }
  | { readonly kind: 'updated'; readonly product: Product | null; readonly movement: Movement | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly issues: readonly FieldIssue[] };

/**
 * Decides on a product that does not exist.
 *
 * @param id of the new product
 */
export function decideNew(
  { sku, initialStock, onSale = true, name, priceMinor, currencyCode, ...rest }: ImportedProduct,
  id: string,
  at: Date,
): ImportDecision {
  if (name === undefined || priceMinor === undefined || currencyCode === undefined) {
    const missing = [...(name === undefined ? ['name'] : []), ...(priceMinor === undefined ? ['price'] : [])];
    return {
      kind: 'refused',
      issues: missing.map((path) => ({ path, message: 'is missing, and the product is new' })),
    };
  }
  const { description = '', categoryId = null, imageUrl = null } = rest;
  const fields = { sku, name, description, priceMinor, currencyCode, categoryId, imageUrl };
  return { kind: 'created', product: { ...newProduct(id, fields, at), onSale }, initialStock: initialStock ?? 0 };
}

/**
 * Decides on a product that exists. Its SKU keeps its upper and lower case.
 *
 * @param stock undefined leaves the stock alone
 */
export function decideExisting(
  { sku: _found, initialStock, ...wanted }: ImportedProduct,
  { product, stock }: { readonly product: Product; readonly stock: Stock | undefined },
  at: Date,
): ImportDecision {
  const changed = changeProduct(product, wanted, at);
  const delta = stock === undefined || initialStock === null ? 0 : initialStock - stock.onHand;
  const isChanged = changed !== product;
  if (stock === undefined || delta === 0)
    return isChanged ? { kind: 'updated', product: changed, movement: null } : { kind: 'unchanged' };
  const adjustment = adjust(stock, delta);
  switch (adjustment.kind) {
    case 'adjusted':
      return { kind: 'updated', product: isChanged ? changed : null, movement: adjustment.movement };
    case 'insufficient-stock':
      return refuseStock(`is less than the ${stock.reserved} units that orders have reserved`);
    case 'too-much':
      return refuseStock(`is ${MAX_ON_HAND} at most`);
    default:
      return adjustment satisfies never;
  }
}

const refuseStock = (message: string): ImportDecision => ({
  kind: 'refused',
  issues: [{ path: 'initialStock', message }],
});
