import { stringify } from 'csv-stringify/sync';
import type { CatalogueProduct } from '../api/open-api.ts';
import type { CatalogueFile } from '../files/format.ts';
import { TARGETS } from '../rows/mapping.ts';

/** Formats products as text, a page at a time. An import reads these column names without a mapping. */
export async function* formatPages(
  pages: AsyncIterable<readonly CatalogueProduct[]>,
  { format, delimiter = ',' }: CatalogueFile,
): AsyncGenerator<string> {
  let isFirst = true;
  if (format === 'csv') yield csv([TARGETS], delimiter);
  if (format === 'json') yield '[';
  for await (const page of pages) {
    const products = page.map(toExported);
    if (format === 'csv') yield csv(products.map(toCells), delimiter);
    else if (format === 'ndjson') yield products.map((product) => `${JSON.stringify(product)}\n`).join('');
    else if (products.length > 0) {
      yield `${isFirst ? '\n' : ',\n'}${products.map((product) => JSON.stringify(product)).join(',\n')}`;
      isFirst = false;
    }
  }
  if (format === 'json') yield '\n]\n';
}

function toExported({ sku, name, description, price, category, imageUrl, onSale, inventory }: CatalogueProduct) {
  const { amount, currencyCode } = price;
  return {
    sku,
    name,
    description,
    price: { amount, currencyCode },
    category: category?.slug ?? null,
    imageUrl,
    onSale,
    initialStock: inventory?.onHand ?? 0,
  };
}

function toCells({ price, ...product }: ReturnType<typeof toExported>): unknown[] {
  const values: Record<string, unknown> = {
    ...product,
    'price.amount': price.amount,
    'price.currencyCode': price.currencyCode,
  };
  return TARGETS.map((column) => values[column]);
}

// A cell has the product's text unchanged, even when it looks like a formula: see docs/catalogue.md.
function csv(rows: readonly (readonly unknown[])[], delimiter: string): string {
  return rows.length === 0
    ? ''
    : stringify(rows as unknown[][], { delimiter, quoted_match: /[\r\n]/, cast: { boolean: String } });
}
