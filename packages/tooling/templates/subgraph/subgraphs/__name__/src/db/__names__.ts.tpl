import { sqlOver, type Page } from '@shop/subgraph';
import DataLoader from 'dataloader';
import type { __Name__ } from '../domain/__name__.ts';
import type { Database, Transaction } from './database.ts';
import type { __Name__ as Row } from './generated/client.ts';

/** The request that created __a__ __name__. A repeated request is recognised by it. */
export interface __Name__Request {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

/** The position of __a__ __name__ in its list: its creation time and its id. */
export type __Name__Page = Page<readonly [createdAt: string, id: string]>;

const to__Name__ = ({ id, productId, authorId, text, createdAt }: Row): __Name__ => ({
  id,
  productId,
  authorId,
  text,
  createdAt,
});

/** @throws a unique violation when the author used the key before */
export async function insert__Name__(tx: Transaction, __name__: __Name__, request: __Name__Request): Promise<void> {
  await tx.__name__.create({ data: { ...__name__, ...request }, select: { id: true } });
}

export async function load__Name__ByKey(
  { client }: Database,
  authorId: string,
  idempotencyKey: string,
): Promise<{ readonly __name__: __Name__; readonly fingerprint: string } | null> {
  const row = await client.__name__.findUnique({ where: { authorId_idempotencyKey: { authorId, idempotencyKey } } });
  return row && { __name__: to__Name__(row), fingerprint: row.fingerprint };
}

export function create__Name__Loader({ client }: Database) {
  return new DataLoader<string, __Name__ | null>(async (ids) => {
    const rows = await client.__name__.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(rows.map((row) => [row.id, to__Name__(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** One page of all __names__ and one additional row, in reading order. */
export function list__Names__({ client }: Database, page: __Name__Page): Promise<__Name__[]> {
  const { values, bind } = createBinder();
  return sqlOver(client).query<__Name__>(selectPage([], page, bind), values);
}

/** The same page for the __names__ of several products, in one statement. The result is keyed by product. */
export async function list__Names__ByProduct(
  { client }: Database,
  productIds: readonly string[],
  page: __Name__Page,
): Promise<Map<string, __Name__[]>> {
  const { values, bind } = createBinder();
  const rows = await sqlOver(client).query<__Name__>(
    `SELECT listed.* FROM unnest(${bind(productIds, 'uuid[]')}) AS product(id)
     CROSS JOIN LATERAL (${selectPage(['r.product_id = product.id'], page, bind)}) AS listed
     ORDER BY listed."createdAt" ${findSense(page)}, listed.id::uuid ${findSense(page)}`,
    values,
  );
  const lists = new Map(productIds.map((id): [string, __Name__[]] => [id, []]));
  for (const row of rows) lists.get(row.productId)?.push(row);
  return lists;
}

export function count__Names__({ client }: Database): Promise<number> {
  return client.__name__.count();
}

export async function count__Names__ByProduct(
  { client }: Database,
  productIds: readonly string[],
): Promise<Map<string, number>> {
  const groups = await client.__name__.groupBy({
    by: ['productId'],
    where: { productId: { in: [...productIds] } },
    _count: true,
  });
  return new Map(groups.map(({ productId, _count }) => [productId, _count]));
}

/** Removes a person from their __names__. Also removes the idempotency keys, since the client chose their text. */
export async function forgetAuthor(tx: Transaction, authorId: string): Promise<void> {
  await tx.__name__.updateMany({ where: { authorId }, data: { authorId: null, idempotencyKey: '', fingerprint: '' } });
}

type Bind = (value: unknown, type: string) => string;

const columns = `r.id::text, r.product_id::text AS "productId", r.author_id::text AS "authorId", r.text, r.created_at AS "createdAt"`;

const findSense = (page: __Name__Page) => (page.direction === 'forward' ? 'DESC' : 'ASC');

function selectPage(conditions: readonly string[], page: __Name__Page, bind: Bind): string {
  const place = page.direction === 'forward' ? page.after : page.before;
  const beyond = place
    ? [
        `(r.created_at, r.id) ${page.direction === 'forward' ? '<' : '>'} (${bind(place[0], 'timestamptz')}, ${bind(place[1], 'uuid')})`,
      ]
    : [];
  return `SELECT ${columns} FROM __names__ r
    WHERE ${['true', ...conditions, ...beyond].join(' AND ')}
    ORDER BY r.created_at ${findSense(page)}, r.id ${findSense(page)} LIMIT ${bind(page.limit + 1, 'int')}`;
}

function createBinder(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` };
}
