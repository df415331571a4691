import type { Connection, ListCounts } from '@shop/subgraph';
import DataLoader from 'dataloader';

/** A page that is counted only when a count is selected. */
export type CountedConnection<Node> = Connection<Node> & ListCounts;

/** A page of the children of one parent. */
export interface ChildrenKey<Args> {
  readonly parentId: string;
  readonly args: Args;
}

/**
 * Loads pages of children for one request. Parents that are asked with the same arguments share their statements: one for the pages,
 * and one for the counts.
 *
 * @param list returns the connection of each parent, in the order of the parents
 */
export function createChildrenLoader<Args extends object, Node>(
  list: (parentIds: readonly string[], args: Args) => Promise<readonly CountedConnection<Node>[]>,
) {
  return new DataLoader<ChildrenKey<Args>, CountedConnection<Node>, string>(
    async (keys) => {
      const groups = new Map<string, ChildrenKey<Args>[]>();
      for (const key of keys) {
        const name = nameArguments(key.args);
        groups.set(name, [...(groups.get(name) ?? []), key]);
      }
      const pages = new Map<ChildrenKey<Args>, CountedConnection<Node> | Error>();
      await Promise.all([...groups.values()].map((group) => loadGroup(group, list, pages)));
      return keys.map((key) => pages.get(key) ?? new Error('The page was not read.'));
    },
    { cacheKeyFn: ({ parentId, args }) => `${parentId} ${nameArguments(args)}` },
  );
}

async function loadGroup<Args, Node>(
  group: readonly ChildrenKey<Args>[],
  list: (parentIds: readonly string[], args: Args) => Promise<readonly CountedConnection<Node>[]>,
  pages: Map<ChildrenKey<Args>, CountedConnection<Node> | Error>,
): Promise<void> {
  const [first] = group as readonly [ChildrenKey<Args>];
  const ids = group.map(({ parentId }) => parentId);
  const found = await list(ids, first.args).catch((error: Error) => error);
  group.forEach((key, index) =>
    pages.set(key, found instanceof Error ? found : (found[index] as CountedConnection<Node>)),
  );
}

/** A text that is equal for arguments of the same page. */
function nameArguments(args: object): string {
  return JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)));
}
