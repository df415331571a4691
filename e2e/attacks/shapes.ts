import { randomUUID } from 'node:crypto';
import { PlaceOrder, Register } from '@shop/client';
import { address, password, requireMember, type Shop } from '../shop.ts';
import { post, type Reply } from './post.ts';
import { startProbe } from './start-probe.ts';

/** A hostile request, or several at the same time. */
export interface Attack {
  readonly name: string;
  /** The limit that stops it, by the name of its variable or in words. */
  readonly limit: string;
  /** Sends it. Returns what the table should say. Throws when it was not stopped as it must be. */
  run(shop: Shop): Promise<string | void>;
}

const repeat = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

const tripling = (n: number): string =>
  `fragment F${n} on Category { ${repeat(3, (alias) => `a${alias}: parent { ...F${n + 1} }`)} }`;

/** Goes from users to orders and back by `width` aliases, on `levels` levels. */
function hop(width: number, levels: number, prefix = 'a'): string {
  const fragments = repeat(levels, (level) => {
    const aliases = repeat(width, (n) => `${prefix}${n}: orders(first: 1) { nodes { customer { ...F${level + 1} } } }`);
    return `fragment F${level} on User { ${aliases} }`;
  });
  return `{ me { ...F0 } } ${fragments} fragment F${levels} on User { email }`;
}

/** An operation that must be refused with a code. */
function refused(name: string, limit: string, code: string, body: unknown): Attack {
  return {
    name,
    limit,
    async run({ stack }) {
      expectCode(await post(stack.graphqlUrl, body), code);
    },
  };
}

function expectCode({ status, codes }: Reply, ...expected: readonly string[]): void {
  if (status >= 500 || codes.length === 0 || !codes.every((code) => expected.includes(code)))
    throw new Error(`status ${status} with ${codes.join(', ') || 'no error'} instead of ${expected.join(' or ')}`);
}

/** Every attack with its limit and with what must happen. */
export const attacks: readonly Attack[] = [
  refused('250 counts in each category', 'MAX_COST', 'COST_LIMIT_EXCEEDED', {
    query: `{ categories { ${repeat(250, (n) => `a${n}: products(first: 1) { totalCount }`)} } }`,
  }),
  refused('101 sign-ins in one request', 'MAX_ALIASES', 'ALIAS_LIMIT_EXCEEDED', {
    query: `mutation { ${repeat(101, (n) => `a${n}: login(input: { email: "a@example.com", password: "x" }) { __typename }`)} }`,
  }),
  refused('pages of pages of pages', 'MAX_COST', 'COST_LIMIT_EXCEEDED', {
    query: '{ products(first: 100) { nodes { category { products(first: 100) { nodes { category { name } } } } } } }',
  }),
  refused('985 aliases of a long text in 100 orders', 'MAX_RESPONSE_BYTES', 'RESPONSE_SIZE_LIMIT_EXCEEDED', {
    query: `{ me { orders(first: 100) { nodes { ${repeat(985, (n) => `a${n}: statusReason`)} } } } }`,
  }),
  refused('990 aliases in 100 products', 'MAX_RESPONSE_BYTES', 'RESPONSE_SIZE_LIMIT_EXCEEDED', {
    query: `{ products(first: 100) { nodes { ${repeat(990, (n) => `a${n}: sku`)} } } }`,
  }),
  refused('100 aliases of a misspelt search', 'MAX_COST', 'COST_LIMIT_EXCEEDED', {
    query: `{ ${repeat(100, (n) => `a${n}: products(filter: { search: "keybaord" }) { totalCount }`)} }`,
  }),
  refused('a plan of 67 calls', 'MAX_FETCHES', 'FETCH_LIMIT_EXCEEDED', { query: hop(5, 3) }),
  refused('a fragment that triples seven times', 'MAX_SELECTIONS', 'SELECTION_LIMIT_EXCEEDED', {
    query: `{ categories { ...F0 } } ${repeat(7, tripling)} fragment F7 on Category { slug }`,
  }),
  refused('500 equal fields', '50 repetitions', 'SELECTION_LIMIT_EXCEEDED', {
    query: `{ ${'__typename '.repeat(500)} }`,
  }),
  refused('500 directives', '5 errors listed', 'GRAPHQL_VALIDATION_FAILED', {
    query: `{ __typename ${'@aa'.repeat(500)} }`,
  }),
  refused('4,000 tokens', '3,000 tokens', 'GRAPHQL_PARSE_FAILED', {
    query: `{ ${repeat(2_000, (n) => `a${n}: me`)} }`,
  }),
  refused('60,000 variables', '500 variables', 'BAD_USER_INPUT', {
    query: '{ __typename }',
    variables: Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`v${n}`, n])),
  }),
  refused('500,000 nested arrays', '64 levels of JSON', 'BAD_REQUEST', {
    text: `{"query":"{ __typename }","variables":{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`,
  }),
  refused('ten operations in a list', 'no batches', 'BAD_REQUEST', {
    text: JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))),
  }),
  {
    name: '20 bodies of 2 MiB',
    limit: '1 MiB',
    async run({ stack }) {
      const text = JSON.stringify({ query: 'x'.repeat(2 * 1024 * 1024) });
      for (let n = 0; n < 20; n += 1) {
        const reply = await post(stack.graphqlUrl, { text });
        if (reply.status !== 413) throw new Error(`status ${reply.status} instead of 413`);
        expectCode(reply, 'BAD_REQUEST');
      }
    },
  },
  refused('introspection in production', 'NODE_ENV', 'GRAPHQL_VALIDATION_FAILED', {
    query: '{ __schema { types { name fields { name type { name } } } } }',
  }),
  {
    name: 'a customer who reserves the whole shop',
    limit: 'ORDER_LIMIT_OPEN_ORDERS',
    async run(shop) {
      const product = await shop.newProduct({ initialStock: 10_000 });
      const email = `${randomUUID()}@example.com`;
      const { register } = await shop.anonymous.request(Register, { input: { email, password, name: 'Eve' } });
      const eve = shop.anonymous.as(requireMember(register, 'RegisterSuccess').tokens.accessToken);
      const placed = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const input = { items: [{ productId: product, quantity: 1 }], shippingAddress: address };
          const { placeOrder } = await eve.request(PlaceOrder, { input: { ...input, idempotencyKey: randomUUID() } });
          return placeOrder.__typename;
        }),
      );
      const count = placed.filter((member) => member === 'PlaceOrderSuccess').length;
      if (count === 0 || count > 20) throw new Error(`${count} of 40 orders were placed, and 20 may be open`);
    },
  },
  {
    name: '60 wrong passwords for one account',
    limit: 'THROTTLE_ADDRESS',
    async run({ stack }) {
      const query = `mutation { login(input: { email: "${stack.admin.email}", password: "wrong" }) { __typename } }`;
      const members: unknown[] = [];
      for (let n = 0; n < 60; n += 1)
        members.push(
          ((await post(stack.graphqlUrl, { query }, '10.2.0.1')).data as { login?: { __typename: string } })?.login
            ?.__typename,
        );
      if (members.at(-1) !== 'TooManyAttempts')
        throw new Error(`the last of 60 attempts is answered ${String(members.at(-1))}`);
    },
  },
  {
    name: 'one client that sends the dearest operations',
    limit: 'RATE_LIMIT_POINTS',
    async run({ stack }) {
      const query = `{ products(first: 100) { nodes { category { products(first: 50) { nodes { id } } } } } }`;
      for (let n = 0; n < 100; n += 1) {
        const { status, codes, headers } = await post(stack.graphqlUrl, { query }, '10.3.0.1');
        if (status !== 429) continue;
        if (!codes.includes('RATE_LIMITED') || headers.get('retry-after') === null)
          throw new Error('429 without RATE_LIMITED and Retry-After');
        return;
      }
      throw new Error('100 requests were answered');
    },
  },
  {
    name: '60 new plans of 29 calls by one client',
    limit: 'a thread, turns',
    async run(shop) {
      const email = `${randomUUID()}@example.com`;
      const { register } = await shop.anonymous.request(Register, { input: { email, password, name: 'Eve' } });
      const { accessToken } = requireMember(register, 'RegisterSuccess').tokens;
      const url = shop.stack.graphqlUrl;
      // Its operation has a plan, so it has nothing to do with planning.
      const askAnother = async (): Promise<number> => {
        const started = performance.now();
        const { codes } = await post(url, { query: '{ categories { slug } }' }, '10.4.0.1');
        if (codes.length > 0) throw new Error(`another client is answered ${codes.join(', ')}`);
        return performance.now() - started;
      };
      const before: number[] = [];
      for (let n = 0; n < 100; n += 1) before.push(await askAnother());
      let waiting = 4;
      let next = 0;
      const send = async (): Promise<void> => {
        for (let n = (next += 1); n <= 60; n = next += 1) {
          const { status, codes } = await post(url, { query: hop(3, 3, `p${n}x`) }, '10.4.0.2', accessToken);
          if (codes.length > 0 && status !== 503) throw new Error(`a new plan is answered ${codes.join(', ')}`);
        }
      };
      const sent = Promise.all(Array.from({ length: waiting }, () => send().finally(() => (waiting -= 1))));
      sent.catch(() => {}); // awaited below
      const during: number[] = [];
      while (waiting > 0) during.push(await askAnother());
      await sent;
      const worst = (times: readonly number[]) =>
        times.toSorted((a, b) => a - b).at(Math.floor(times.length * 0.99)) ?? 0;
      return `p99 of another client ${worst(before).toFixed(0)} ms before, ${worst(during).toFixed(0)} ms meanwhile`;
    },
  },
  {
    name: '1,500 operations at the same moment',
    limit: 'MAX_IN_FLIGHT',
    async run({ stack }) {
      const query = '{ products(first: 20) { nodes { id name price { amount } } } }';
      const probe = await startProbe(new URL('/health/ready', stack.graphqlUrl));
      const sent = Array.from({ length: 1_500 }, (_, n) => post(stack.graphqlUrl, { query }, `10.1.${n % 250}.1`));
      const statuses = new Map<number, number>();
      for (const { status } of await Promise.all(sent)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const times = [...(await probe.stop())].sort((one, other) => one - other);
      const text = [...statuses].map(([status, count]) => `${count} with ${status}`).join(', ');
      // 408: on a busy machine the request itself took longer than a request may.
      if ([...statuses.keys()].some((status) => ![200, 408, 503].includes(status))) throw new Error(text);
      if (!statuses.has(200)) throw new Error(`none was answered: ${text}`);
      const at = (share: number): string => (times.at(Math.floor(times.length * share)) ?? 0).toFixed(0);
      return `${text}; ${times.length} probes took ${at(0.5)} ms (median), ${at(0.95)} ms (p95), ${times.at(-1)?.toFixed(0)} ms (longest)`;
    },
  },
];
