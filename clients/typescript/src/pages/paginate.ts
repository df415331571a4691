import type { ShopClient } from '../client.ts';
import type { Operation } from '../operation.ts';
import type { RequestOptions } from '../options.ts';
import type { Connection } from './connection.ts';
import { nextCursor, pageArguments, type Direction } from './direction.ts';

/** The variables by which an operation pages; `last` and `before` where it also goes backward. */
export interface PageVariables {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

type Others<Variables> = Omit<Variables, 'first' | 'after' | 'last' | 'before'>;

export type PageOptions<Data, Variables, Page> = RequestOptions & {
  /** Where the connection is in the data; where it is null, there are no pages. */
  readonly connection: (data: Data) => Page | null | undefined;
  /** `backward` begins at the list's end, and gives it in reverse. Default `forward`. */
  readonly direction?: 'last' extends keyof Variables ? Direction : 'forward';
  /** 1 to 100. Default 50. */
  readonly pageSize?: number;
  /** A cursor to go on from. */
  readonly from?: string;
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
} & ({} extends Others<Variables>
    ? { readonly variables?: Others<Variables> }
    : { readonly variables: Others<Variables> });

/**
 * The nodes of a list, however many pages it has; each page is asked for when it is come to.
 *
 * @throws what {@link ShopClient.request} throws
 */
export async function* paginate<Data, Variables extends PageVariables, Node>(
  shop: ShopClient,
  operation: Operation<Data, Variables>,
  options: PageOptions<Data, Variables, Connection<Node>>,
): AsyncGenerator<Node, void, undefined> {
  for await (const { nodes } of paginatePages(shop, operation, options)) {
    yield* options.direction === 'backward' ? [...nodes].reverse() : nodes;
  }
}

/** The pages themselves, as they are in the data. */
export async function* paginatePages<Data, Variables extends PageVariables, Page extends Connection<unknown>>(
  shop: ShopClient,
  operation: Operation<Data, Variables>,
  options: PageOptions<Data, Variables, Page>,
): AsyncGenerator<Page, void, undefined> {
  const { connection, variables, direction = 'forward', pageSize = 50, from = null, ...request } = options;
  let cursor: string | null = from;
  do {
    const given = { ...variables, ...pageArguments(direction, pageSize, cursor) } as unknown as Variables;
    const page: Page | null | undefined = connection(await shop.request(operation, given, request));
    if (page == null) return;
    yield page;
    cursor = nextCursor(page, direction, cursor);
  } while (cursor !== null);
}
