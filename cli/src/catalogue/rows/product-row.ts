import { valueAt, type Mapping, type Target } from './mapping.ts';
import { exponentOf, toMinorUnits } from './money.ts';
import { slugOf } from './slug.ts';

/** A product as a file has it. What is undefined is not in the file, and stays as it is. */
export interface ProductRow {
  readonly sku: string;
  readonly name?: string;
  readonly description?: string;
  readonly price?: { readonly amount: number; readonly currencyCode: string };
  /** The slug is the category's; the name is what the file calls it. */
  readonly category?: { readonly slug: string; readonly name: string } | null;
  readonly imageUrl?: string | null;
  readonly onSale?: boolean;
  readonly initialStock?: number;
}

export type ReadProduct =
  { readonly product: ProductRow } | { readonly sku: string | null; readonly issues: readonly string[] };

/** Reads a product out of a row. Whether a value is allowed is the API's to say; here it must be one of its kind. */
export function readProduct(
  values: Readonly<Record<string, unknown>>,
  mapping: Mapping,
  currency?: string,
): ReadProduct {
  const issues: string[] = [];
  const at = (target: Target) => valueAt(values, mapping[target].name);
  const text = (target: Target) => textOf(at(target), () => issues.push(`${target}: is not text`));
  const number = (target: Target) => integerOf(at(target), () => issues.push(`${target}: is not a whole number`));

  const sku = text('sku')?.trim() ?? '';
  if (sku === '') issues.push('sku: is missing');
  const product = {
    sku,
    ...defined({
      name: text('name')?.trim(),
      description: text('description'),
      price: priceOf(
        at('price.amount'),
        textOf(at('price.currencyCode'), () => {})?.trim() || currency,
        mapping['price.amount'].isDecimal,
        issues,
      ),
      category: emptied(at('category'), text('category'), (name) => ({ slug: slugOf(name), name })),
      imageUrl: emptied(at('imageUrl'), text('imageUrl'), (url) => url),
      onSale: flagOf(at('onSale'), () => issues.push('onSale: is neither true nor false')),
      initialStock: number('initialStock'),
    }),
  };
  if (product.category?.slug === '') issues.push('category: has neither letters nor digits');
  return issues.length > 0 ? { sku: sku || null, issues } : { product };
}

function defined<Values extends object>(values: Values): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function textOf(value: unknown, complain: () => void): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  complain();
  return undefined;
}

/** Null and an empty cell empty what may be empty. */
function emptied<Value>(
  value: unknown,
  text: string | undefined,
  make: (text: string) => Value,
): Value | null | undefined {
  if (value === undefined) return undefined;
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : make(trimmed);
}

function integerOf(value: unknown, complain: () => void): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  complain();
  return undefined;
}

function flagOf(value: unknown, complain: () => void): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  complain();
  return undefined;
}

function priceOf(
  amount: unknown,
  currencyCode: string | undefined,
  isDecimal: boolean,
  issues: string[],
): ProductRow['price'] {
  if (amount === undefined || amount === null || amount === '') return undefined;
  const exponent = currencyCode === undefined ? undefined : exponentOf(currencyCode);
  if (currencyCode === undefined || exponent === undefined) {
    issues.push(
      `price.currencyCode: ${currencyCode === undefined ? 'is missing; --currency gives it to all rows' : `"${currencyCode}" is no ISO 4217 code`}`,
    );
    return undefined;
  }
  const minor = isDecimal ? toMinorUnits(String(amount), exponent) : integerOf(amount, () => {});
  if (typeof minor === 'number') return { amount: minor, currencyCode };
  issues.push(
    `price.amount: ${minor ?? 'is not a whole number of minor units; --map price.amount=SOURCE:decimal reads decimals'}`,
  );
  return undefined;
}
