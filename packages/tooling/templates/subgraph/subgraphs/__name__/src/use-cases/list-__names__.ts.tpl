import { buildConnection, isUuid, parsePage, type Connection, type PageArguments } from '@shop/subgraph';
import DataLoader from 'dataloader';
import { z } from 'zod';
import { count__Names__, count__Names__ByProduct, list__Names__ as read__Names__, list__Names__ByProduct } from '../db/__names__.ts';
import type { __Name__ } from '../domain/__name__.ts';
import type { Dependencies } from './dependencies.ts';

/** A page of __names__, newest first. They are counted only when the count is selected. */
export interface __Name__Connection extends Connection<__Name__> {
  totalCount(): Promise<number>;
}

const cursor = z.tuple([z.iso.datetime(), z.uuid()]);
const toCursorParts = ({ createdAt, id }: __Name__) => [createdAt.toISOString(), id];

type DatabaseOnly = Pick<Dependencies, 'database'>;

/** One page of all __names__. */
export async function list__Names__({ database }: DatabaseOnly, args: PageArguments): Promise<__Name__Connection> {
  const page = parsePage(args, cursor);
  const rows = await read__Names__(database, page);
  return { ...buildConnection(rows, page, toCursorParts), totalCount: () => count__Names__(database) };
}

/** A page of the __names__ of one product. */
export interface Product__Names__ {
  readonly productId: string;
  readonly args: PageArguments;
}

/** Pages of the __names__ of products. Products that are requested together, with the same arguments, share one statement. */
export function createProduct__Names__Loader({ database }: DatabaseOnly) {
  return new DataLoader<Product__Names__, __Name__Connection | null, string>(
    async (keys) => {
      const groups = new Map<string, Product__Names__[]>();
      for (const key of keys) {
        const name = JSON.stringify(key.args);
        groups.set(name, [...(groups.get(name) ?? []), key]);
      }
      const found = new Map<Product__Names__, __Name__Connection>();
      for (const group of groups.values()) {
        const connections = await listByProduct(database, group);
        group.forEach((key, index) => found.set(key, connections[index] as __Name__Connection));
      }
      return keys.map((key) => found.get(key) ?? null);
    },
    { cacheKeyFn: ({ productId, args }) => JSON.stringify([productId, args]) },
  );
}

async function listByProduct(
  database: Dependencies['database'],
  group: readonly Product__Names__[],
): Promise<__Name__Connection[]> {
  const page = parsePage(group[0]?.args ?? {}, cursor);
  const ids = [...new Set(group.map(({ productId }) => productId).filter(isUuid))];
  const lists = await list__Names__ByProduct(database, ids, page);
  let counts: Promise<Map<string, number>> | undefined;
  return group.map(({ productId }) => ({
    ...buildConnection(lists.get(productId) ?? [], page, toCursorParts),
    totalCount: async () => (await (counts ??= count__Names__ByProduct(database, ids))).get(productId) ?? 0,
  }));
}
