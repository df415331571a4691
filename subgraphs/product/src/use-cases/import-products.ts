import { appendToOutbox } from '@shop/messaging';
import {
  appendAudit,
  bulkTransaction,
  type InputIssue,
  isForeignKeyViolation,
  issuesFrom,
  isUniqueViolation,
  sqlOver,
  uuidv7,
} from '@shop/subgraph';
import type { z } from 'zod';
import { findCategoryIds } from '../db/categories.ts';
import type { Transaction } from '../db/database.ts';
import { lockProductsBySku, updateProducts } from '../db/products.ts';
import { recordMovements } from '../db/stock-movements.ts';
import { lockStocks } from '../db/stocks.ts';
import { decideExisting, decideNew, type ImportDecision, type ImportedProduct } from '../domain/imported-product.ts';
import { toSkuKey } from '../domain/product.ts';
import { inventoryWasUpdated, productWasUpdated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';
import { insertWithStock } from './insert-with-stock.ts';
import { importedProductInput, storePrice } from './product.input.ts';

const MAX_PRODUCTS = 100;
/** Others may take a SKU or delete a category meanwhile: then it is decided anew. */
const ATTEMPTS = 5;
const REASON = 'Catalogue import';

export interface ImportProductsInput {
  readonly products: readonly { readonly sku: string; readonly [field: string]: unknown }[];
  /** Whether the stock of existing products becomes their `initialStock`. */
  readonly setStock: boolean;
  /** Decides, and changes nothing. */
  readonly dryRun: boolean;
}

/** The outcome of one product. */
export interface ProductOutcome {
  readonly sku: string;
  readonly kind: ImportDecision['kind'];
  /** Why it is refused. */
  readonly issues: readonly InputIssue[];
}

export type ImportProductsOutcome =
  | { readonly kind: 'imported'; readonly products: readonly ProductOutcome[] }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] };

/**
 * Brings products in line with the input, by SKU: creates those that do not exist, changes what differs, and leaves equal ones alone. A
 * product that is refused stops no other. All others are written together, so that a repetition after a lost answer changes nothing.
 */
export async function importProducts(
  { database, now }: Dependencies,
  { products, setStock, dryRun }: ImportProductsInput,
  actorId: string,
): Promise<ImportProductsOutcome> {
  if (products.length === 0 || products.length > MAX_PRODUCTS)
    return {
      kind: 'invalid-input',
      issues: [{ path: 'products', message: `must have 1 to ${MAX_PRODUCTS} products` }],
    };
  const rows = readRows(products);
  const run = (): Promise<ImportDecision[]> =>
    database.transact(async (tx) => {
      const at = now();
      const decisions = await decide(tx, rows, setStock, at);
      if (!dryRun) await write(tx, decisions, { actorId, at });
      return decisions;
    }, bulkTransaction);
  const decisions = await untilUndisturbed(run);
  return {
    kind: 'imported',
    products: decisions.map((decision, index) => ({
      sku: products[index]?.sku ?? '',
      kind: decision.kind,
      issues: decision.kind === 'refused' ? decision.issues : [],
    })),
  };
}

interface Row {
  /** The fields that are valid. */
  readonly product: Omit<ImportedProduct, 'categoryId'>;
  readonly category: string | null | undefined;
  /** What is wrong with the others. */
  readonly issues: readonly InputIssue[];
}

function readRows(products: ImportProductsInput['products']): Row[] {
  const seen = new Map<string, number>();
  return products.map((given, index) => {
    const row = readRow(given);
    const key = toSkuKey(row.product.sku);
    const earlier = key === '' ? undefined : seen.get(key);
    if (earlier !== undefined)
      return { ...row, issues: [...row.issues, { path: 'sku', message: `is that of product ${earlier + 1} too` }] };
    seen.set(key, index);
    return row;
  });
}

function readRow(given: ImportProductsInput['products'][number]): Row {
  const parsed = importedProductInput.safeParse(given);
  if (parsed.success) return toRow(parsed.data, []);
  // What is wrong with the valid fields is told too, so that all can be mended at once.
  const issues = issuesFrom(parsed.error);
  const faulty = new Set(issues.map(({ path }) => path.split('.')[0]));
  const valid = importedProductInput
    .partial()
    .parse(Object.fromEntries(Object.entries(given).filter(([field]) => !faulty.has(field))));
  return toRow({ ...valid, sku: valid.sku ?? '' }, issues);
}

function toRow(
  { price, category, initialStock = null, ...fields }: z.infer<typeof importedProductInput>,
  issues: readonly InputIssue[],
): Row {
  return { product: { ...fields, ...(price && storePrice(price)), initialStock }, category, issues };
}

async function decide(tx: Transaction, rows: readonly Row[], setStock: boolean, at: Date): Promise<ImportDecision[]> {
  const categoryIds = await findCategoryIds(
    { client: tx },
    rows.flatMap(({ category }) => category ?? []),
  );
  const existing = await lockProductsBySku(
    tx,
    rows.map(({ product }) => product.sku),
  );
  const stocks = setStock
    ? await lockStocks(
        tx,
        existing.map(({ id }) => id),
      )
    : [];
  const bySku = new Map(existing.map((product) => [toSkuKey(product.sku), product]));
  const stockOf = new Map(stocks.map((stock) => [stock.productId, stock]));
  return rows.map(({ product: given, category, issues: own }) => {
    const categoryId = category === null || category === undefined ? category : categoryIds.get(category);
    const unknown =
      category !== undefined && categoryId === undefined
        ? [{ path: 'category', message: `there is no category ${category}` }]
        : [];
    const wanted = { ...given, categoryId };
    const product = bySku.get(toSkuKey(wanted.sku));
    const decision =
      product === undefined
        ? decideNew(wanted, uuidv7(), at)
        : decideExisting(wanted, { product, stock: stockOf.get(product.id) }, at);
    if (own.length + unknown.length === 0) return decision;
    const named = new Set(own.map(({ path }) => path.split('.')[0]));
    // Nobody can say whether a product without a valid SKU is new, and a field that is invalid is not missing.
    const others =
      decision.kind === 'refused' && wanted.sku !== '' ? decision.issues.filter(({ path }) => !named.has(path)) : [];
    return { kind: 'refused', issues: [...own, ...unknown, ...others] };
  });
}

async function write(
  tx: Transaction,
  decisions: readonly ImportDecision[],
  { actorId, at }: { readonly actorId: string; readonly at: Date },
): Promise<void> {
  await insertWithStock(
    tx,
    // In the order of the SKUs, so that two imports with the same new products do not wait for each other in a circle.
    decisions
      .filter((decision) => decision.kind === 'created')
      .sort((one, other) => (toSkuKey(one.product.sku) < toSkuKey(other.product.sku) ? -1 : 1)),
    { actorId, at },
  );
  const updates = decisions.filter((decision) => decision.kind === 'updated');
  const changed = updates.flatMap(({ product }) => product ?? []);
  const movements = updates.flatMap(({ movement }) => movement ?? []);
  await updateProducts(tx, changed);
  const recorded = await recordMovements(tx, movements, { reason: REASON, actorId, at });
  await appendToOutbox(sqlOver(tx), [
    ...changed.map(productWasUpdated),
    ...movements.map(({ after }) => inventoryWasUpdated(after)),
  ]);
  const entries = recorded.map(({ id, productId, onHandDelta }) => ({
    actorId,
    action: 'STOCK_ADJUSTED',
    subjectId: productId,
    details: { delta: onHandDelta, movementId: id },
  }));
  if (entries.length > 0) await appendAudit(tx, entries, at);
}

async function untilUndisturbed<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !(isUniqueViolation(error) || isForeignKeyViolation(error))) throw error;
    }
  }
}
