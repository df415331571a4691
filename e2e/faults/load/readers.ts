import { setTimeout as pause } from 'node:timers/promises';
import { createShopClient, Login, ProductPage, UpdateProduct } from '@shop/client';
import { graphqlClient } from '@shop/testing';
import { requireMember, type Shop } from '../../shop.ts';

/** A read of a product through a gateway, which may have answered from its cache. */
export interface Read {
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly productId: string;
  readonly version: number;
  readonly available: number;
}

/** The clients that change and read products. */
export interface Readers {
  /** All reads so far, in the order of their answers. */
  readonly reads: readonly Read[];
  /** Reads in which a client missed what it had itself written, one sentence each. */
  readonly missed: readonly string[];
  /** The changes that were confirmed. */
  readonly writes: number;
  /** Starts no more work, and resolves when all started requests have ended. */
  finish(): Promise<void>;
}

const timeoutMs = 8_000;
const readers = 2;
const readEveryMs = 100;
/** A gateway drops all that it keeps of a service which is written through it. In between, only events keep it true. */
const writeEveryMs = 2_500;

/** All of its fields may come from the cache of a gateway. */
const query = 'query CachedProduct($id: ID!) { product(id: $id) { version availableQuantity } }';

/**
 * Reads products, and changes one of them, until it is finished. Each connection leads to any gateway. A client that has changed the
 * product reads it at once, by our own client.
 *
 * @param options.productIds the first one is changed
 */
export async function startReaders(
  { stack }: Pick<Shop, 'stack'>,
  { url, productIds }: { readonly url: string; readonly productIds: readonly string[] },
): Promise<Readers> {
  const reads: Read[] = [];
  const missed: string[] = [];
  let writes = 0;
  let isOver = false;
  const repeat = async (pauseMs: number, work: () => Promise<void>): Promise<void> => {
    while (!isOver) {
      // A fault: the next one may succeed.
      await work().catch(() => {});
      await pause(pauseMs);
    }
  };

  const anonymous = graphqlClient(url);
  let turn = 0;
  const read = async (): Promise<void> => {
    const productId = productIds[(turn += 1) % productIds.length] ?? '';
    const askedAt = Date.now();
    const { data } = await anonymous.execute<{ product: { version: number; availableQuantity: number } | null }>(
      query,
      { id: productId },
      {},
      AbortSignal.timeout(timeoutMs),
    );
    if (data?.product == null) return;
    const { version, availableQuantity: available } = data.product;
    reads.push({ askedAt, answeredAt: Date.now(), productId, version, available });
  };

  const staff = createShopClient({ url, timeoutMs });
  const { login } = await graphqlClient(stack.graphqlUrl).request(Login, { input: stack.admin });
  await staff.session.adopt(requireMember(login, 'LoginSuccess').tokens);
  const [changed = ''] = productIds;
  const write = async (): Promise<void> => {
    const input = { id: changed, name: `Changed at ${Date.now()}` };
    const { updateProduct } = await staff.request(UpdateProduct, { input }, { repeatable: true });
    if (updateProduct.__typename !== 'UpdateProductSuccess') return;
    writes += 1;
    const { version } = updateProduct.product;
    const { product } = await staff.request(ProductPage, { id: changed });
    if (product != null && product.version < version)
      missed.push(`version ${version} was written, and then version ${product.version} was read`);
  };

  const all = [...Array.from({ length: readers }, () => repeat(readEveryMs, read)), repeat(writeEveryMs, write)];
  return {
    reads,
    missed,
    get writes() {
      return writes;
    },
    async finish() {
      isOver = true;
      await Promise.all(all);
    },
  };
}
