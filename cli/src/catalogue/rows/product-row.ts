import { findCurrencyExponent } from '@shop/contracts';
import { valueAt, type Mapping, type Target } from './mapping.ts';
import { type AmountStyle, toMinorUnits } from './money.ts';
import { makeSlug } from './slug.ts';

/** A product as a file contains it. A field that is undefined is not in the file, and does not change. */
export interface ProductRow {
  readonly sku: string;
  readonly name?: string;
  readonly description?: string;
  readonly price?: { readonly amount: number; readonly currencyCode: string };
  /** The file gives the name. The slug is made from it. */
  readonly category?: { readonly slug: string; readonly name: string } | null;
  readonly imageUrl?: string | null;
  readonly onSale?: boolean;
  readonly initialStock?: number;
}

export type ReadProduct =
  | { readonly product: ProductRow }
  | { readonly product: ProductRow; readonly issues: readonly string[] };

/** Reads a product from a row. It checks the types of values only: the API decides which values are allowed. */
export function readProduct(
  values: Readonly<Record<string, unknown>>,
  mapping: Mapping,
  currency?: string,
): ReadProduct {
  const issues: string[] = [];
  const at = (target: Target) => valueAt(values, mapping[target].name);
  const text = (target: Target) => readText(at(target), () => issues.push(`${target}: is not text`));
  const number = (target: Target) => readInteger(at(target), () => issues.push(`${target}: is not a whole number`));

  const sku = text('sku')?.trim() ?? '';
  if (sku === '') issues.push('sku: is missing');
  const product = {
    sku,
    ...omitUndefined({
      // As the API stores them: another form of the same text is no difference.
      name: text('name')?.normalize('NFC').trim(),
      description: text('description')?.normalize('NFC'),
      price: readPrice(
        at('price.amount'),
        readText(at('price.currencyCode'), () => {})?.trim() || currency,
        mapping['price.amount'].style,
        issues,
      ),
      category: readOptional(at('category'), text('category'), (name) => ({
        slug: makeSlug(name),
        name: name.normalize('NFC'),
      })),
      imageUrl: readOptional(at('imageUrl'), text('imageUrl'), (url) => url),
      onSale: readFlag(at('onSale'), () => issues.push('onSale: is neither true nor false')),
      initialStock: number('initialStock'),
    }),
  };
  if (product.category?.slug === '') issues.push('category: has neither letters nor digits');
  return issues.length > 0 ? { product, issues } : { product };
}

function omitUndefined<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function readText(value: unknown, report: () => void): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  report();
  return undefined;
}

/** Null or an empty cell clears a field that may be empty. */
function readOptional<Value>(
  value: unknown,
  text: string | undefined,
  make: (text: string) => Value,
): Value | null | undefined {
  if (value === undefined) return undefined;
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : make(trimmed);
}

function readInteger(value: unknown, report: () => void): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  report();
  return undefined;
}

function readFlag(value: unknown, report: () => void): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  report();
  return undefined;
}

function readPrice(
  amount: unknown,
  currencyCode: string | undefined,
  style: AmountStyle,
  issues: string[],
): ProductRow['price'] {
  if (amount === undefined || amount === null || amount === '') return undefined;
  const exponent = currencyCode === undefined ? undefined : findCurrencyExponent(currencyCode);
  if (currencyCode === undefined || exponent === undefined) {
    const issue =
      currencyCode === undefined
        ? 'is missing; --currency gives it to all rows'
        : `"${currencyCode}" is not an ISO 4217 code`;
    issues.push(`price.currencyCode: ${issue}`);
    return undefined;
  }
  const minor = style === 'minor' ? readInteger(amount, () => {}) : toMinorUnits(String(amount), exponent, style);
  if (typeof minor === 'number') return { amount: minor, currencyCode };
  issues.push(
    `price.amount: ${minor ?? 'is not a whole number of minor units; --map price.amount=SOURCE:decimal reads decimals'}`,
  );
  return undefined;
}
