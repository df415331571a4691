import type { ShopClient } from '../client.ts';
import type { Operation } from '../operation.ts';
import type { RequestOptions } from '../options.ts';
import { createPageVariables, findNextCursor, type Connection, type Direction } from './connection.ts';

/** The variables by which an operation pages; `last` and `before` when it can also page backward. */
export interface PageVariables {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

type OtherVariables<Variables> = Omit<Variables, 'first' | 'after' | 'last' | 'before'>;

export type PageOptions<Data, Variables, Page> = RequestOptions & {
  /** Finds the connection in the data. A connection of null has no pages. */
  readonly connection: (data: Data) => Page | null | undefined;
  /** `backward` starts at the end of the list and yields it in reverse. Default `forward`. */
  readonly direction?: 'last' extends keyof Variables ? Direction : 'forward';
  /** From 1 to 100. Default 50. */
  readonly pageSize?: number;
  /** The cursor to start from. */
  readonly from?: string;
  // oxlint-disable-next-line typescript/no-empty-object-type
} & ({} extends OtherVariables<Variables>
    ? { readonly variables?: OtherVariables<Variables> }
    : { readonly variables: OtherVariables<Variables> });

/**
 * The nodes of a list of any length. Pages are fetched lazily.
 *
 * @throws the errors of {@link ShopClient.request}
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

/** The pages of a list, as they are in the data. Pages are fetched lazily. */
export async function* paginatePages<Data, Variables extends PageVariables, Page extends Connection<unknown>>(
  shop: ShopClient,
  operation: Operation<Data, Variables>,
  options: PageOptions<Data, Variables, Page>,
): AsyncGenerator<Page, void, undefined> {
  const { connection, variables, direction = 'forward', pageSize = 50, from = null, ...request } = options;
  let cursor: string | null = from;
  do {
    // TypeScript cannot know that the page's variables and the others make up all of a generic type.
    const given = { ...variables, ...createPageVariables(direction, pageSize, cursor) } as unknown as Variables;
    const page: Page | null | undefined = connection(await shop.request(operation, given, request));
    if (page == null) return;
    yield page;
    cursor = findNextCursor(page, direction, cursor);
  } while (cursor !== null);
}
