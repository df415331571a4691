import type { ImportProductInput } from '@shop/client';
import { RefusedError } from '../api/errors.ts';
import type { CatalogueApi } from '../api/open-api.ts';
import type { SourceRow } from '../files/source-row.ts';
import { type Mapping, valueAt } from '../rows/mapping.ts';
import { type ProductRow, readProduct } from '../rows/product-row.ts';
import { runInParallel } from '../../in-parallel.ts';
import { type Categories, openCategories } from './categories.ts';
import { fillBatches } from './fill-batches.ts';
import { sendProducts } from './send-products.ts';

export interface ImportOptions {
  readonly mapping: Mapping;
  /** The currency of rows that have none. */
  readonly currency: string | undefined;
  readonly createCategories: boolean;
  readonly setStock: boolean;
  /** The number of requests at the same time. */
  readonly concurrency: number;
  readonly isDryRun: boolean;
}

/** A row that was not imported. */
export interface RefusedRow {
  readonly number: number;
  readonly line: number | null;
  readonly sku: string | null;
  readonly reason: string;
}

/** The number of rows by outcome, and the number of created categories. */
export type ImportCounts = Record<'created' | 'updated' | 'unchanged' | 'refused' | 'categories', number>;

export interface ImportListener {
  onRefusedRow(row: RefusedRow): void;
  /** Called after each request. */
  onProgress(counts: Readonly<ImportCounts>): void;
}

/** A row of the file, with what is wrong in it. */
interface ReadRow {
  readonly source: SourceRow;
  readonly product: ProductRow;
  readonly issues: readonly string[];
}

/** Brings the catalogue in line with the rows. Refused rows are reported, and do not stop the others. */
export async function importRows(
  rows: AsyncIterable<SourceRow>,
  api: CatalogueApi,
  options: ImportOptions,
  listener: ImportListener,
): Promise<ImportCounts> {
  const counts: ImportCounts = { created: 0, updated: 0, unchanged: 0, refused: 0, categories: 0 };
  const categories = await openCategories(api, { mayCreate: options.createCategories, isDryRun: options.isDryRun });

  const refuse = ({ source }: Pick<ReadRow, 'source'>, issues: readonly string[]): void => {
    counts.refused += 1;
    const { number, line } = source;
    listener.onRefusedRow({ number, line, sku: findSku(source, options), reason: issues.join('; ') });
  };

  const importBatch = async (batch: readonly ReadRow[]): Promise<void> => {
    const prepared = await Promise.all(batch.map((row) => prepare(row, categories)));
    const good = prepared.filter(({ issues }) => issues.length === 0);
    const { setStock, isDryRun } = options;
    const outcomes = await sendProducts(api, good, { setStock, dryRun: isDryRun });
    for (const [index, { outcome, issues }] of outcomes.entries()) {
      const row = good[index] as PreparedRow;
      if (outcome === 'REFUSED') refuse(row, issues.map(describeIssue));
      else if (outcome === 'CREATED') counts.created += 1;
      else if (outcome === 'UPDATED' || row.changesCategory) counts.updated += 1;
      else counts.unchanged += 1;
    }
    // Their other faults are asked for, so that a person can mend all at once.
    const faulty = prepared.filter(({ issues }) => issues.length > 0);
    const asked = faulty.filter(({ input }) => input.sku !== '');
    const answers = new Map(
      (await sendProducts(api, asked, { setStock, dryRun: true })).map(({ issues }, index) => [asked[index], issues]),
    );
    for (const row of faulty) refuse(row, joinIssues(row.issues, answers.get(row) ?? []));
    counts.categories = categories.countCreated();
    listener.onProgress(counts);
  };

  await runInParallel(fillBatches(readSources(rows, options)), options.concurrency, importBatch);
  return counts;
}

async function* readSources(rows: AsyncIterable<SourceRow>, options: ImportOptions): AsyncGenerator<ReadRow> {
  const rowNumbers = new Map<string, number>();
  for await (const source of rows) {
    if ('error' in source) {
      yield { source, product: { sku: '' }, issues: [source.error] };
      continue;
    }
    const read = readProduct(source.values, options.mapping, options.currency);
    const { product } = read;
    const issues = 'issues' in read ? [...read.issues] : [];
    // Two rows of one product would undo each other, and a second run would always find something to change.
    const key = product.sku.toLowerCase();
    const earlier = rowNumbers.get(key);
    if (earlier !== undefined) issues.push(`sku: is in row ${earlier} already`);
    else if (issues.length === 0) rowNumbers.set(key, source.number);
    yield { source, product, issues };
  }
}

interface PreparedRow extends Pick<ReadRow, 'source' | 'issues'> {
  readonly input: ImportProductInput;
  /** In a dry run: the category does not exist yet, so that the API cannot compare it. */
  readonly changesCategory: boolean;
}

/** Makes sure that the row's category exists, if it may be created, and names it by its slug. */
async function prepare({ source, product, issues }: ReadRow, categories: Categories): Promise<PreparedRow> {
  const { category, ...input } = product;
  const row = { source, input, issues, changesCategory: false };
  if (category === undefined) return row;
  if (category === null) return { ...row, input: { ...input, category } };
  const issue = categories.findIssue(category);
  if (issue !== null) return { ...row, issues: [...issues, issue] };
  // A row that is refused creates nothing.
  if (issues.length > 0) return row;
  try {
    const slug = await categories.require(category);
    return slug === null ? { ...row, changesCategory: true } : { ...row, input: { ...input, category: slug } };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { ...row, issues: [error.message] };
  }
}

interface Issue {
  readonly path: string;
  readonly message: string;
}

const describeIssue = ({ path, message }: Issue): string => (path === '' ? message : `${path}: ${message}`);

/** The row's own issues, and those of the API about other fields: a field that cannot be read is not missing. */
function joinIssues(own: readonly string[], answered: readonly Issue[]): string[] {
  const named = new Set(own.map((issue) => issue.split(/[.:]/)[0]));
  return [...own, ...answered.filter(({ path }) => !named.has(path.split('.')[0])).map(describeIssue)];
}

function findSku(row: SourceRow, { mapping }: ImportOptions): string | null {
  const sku = 'values' in row ? valueAt(row.values, mapping.sku.name) : null;
  return typeof sku === 'string' && sku !== '' ? sku.slice(0, 64) : null;
}
