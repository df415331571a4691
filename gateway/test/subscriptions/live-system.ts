import { createCodedError } from '@shop/graphql';
import { eventually } from '@shop/testing';
import type { OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../../src/context.ts';
import type { ExecutionStage } from '../../src/execution/execution-stages.ts';
import type { LiveEnding, LiveMessage, LiveStream, OpenOptions } from '../../src/live/live-stream.ts';
import { testResolvers } from '../resolvers.ts';
import { startSystem, type System } from '../system.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

/** The schemas of the small subgraphs, with a subscription. */
export const liveSchemas = {
  user: `${link}
    type Query { me: User whoami: String }
    type User @key(fields: "id") { id: ID! email: String name: String! }`,
  product: `${link}
    type Query { product(id: ID!): Product crash: String }
    type Product @key(fields: "id") { id: ID! name: String! description: String }`,
  order: `${link}
    type Query { order(id: ID!): Order subscriptionCount: Int }
    type Mutation { placeOrder: Order }
    type Subscription { orderUpdated(id: ID!): Order }
    type Order @key(fields: "id") { id: ID! status: String customer: User }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
};

/** The subscription that tests send. */
export const watch = 'subscription Watch($id: ID!) { orderUpdated(id: $id) { id status } }';

/** A stream that a test fills. Like the real one it keeps the newest message only. */
export class TestStream implements LiveStream {
  readonly id: string;
  readonly context: GatewayContext;
  readonly after: string | undefined;
  ending: LiveEnding | undefined;
  /** How often the transport asked for a message. */
  asked = 0;
  /** How many messages it took. */
  taken = 0;
  #position = 0;
  #waiting: LiveMessage | undefined;
  #wake: (() => void) | undefined;

  constructor(id: string, context: GatewayContext, after: string | undefined) {
    this.id = id;
    this.context = context;
    this.after = after;
  }

  /** Sends a state of the order. */
  push(status: string): void {
    this.pushJson(JSON.stringify({ data: { orderUpdated: { __typename: 'Order', id: this.id, status } } }));
  }

  pushJson(json: string): void {
    this.#position += 1;
    this.#waiting = { json, position: `p${this.#position}` };
    this.#wake?.();
  }

  async next(): Promise<LiveMessage | undefined> {
    this.asked += 1;
    while (this.#waiting === undefined && this.ending === undefined)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.ending !== undefined) return undefined;
    const message = this.#waiting;
    this.#waiting = undefined;
    this.taken += 1;
    return message;
  }

  end(ending: LiveEnding): void {
    this.ending ??= ending;
    this.#wake?.();
  }
}

export interface LiveSystem extends System {
  /** The streams that were opened, in their order. */
  readonly streams: TestStream[];
  /** Those for an id that have not ended. */
  findOpen(id: string): TestStream[];
  readMetric(name: string): Promise<number>;
}

/** Ids with a meaning: `none` is refused as an operation without permission is, and `broken` cannot be opened. */
export async function startLiveSystem(options: Parameters<typeof startSystem>[1] = {}): Promise<LiveSystem> {
  const streams: TestStream[] = [];
  const subscribe: ExecutionStage = async (request, next) => {
    const operation = request.operation as OperationDefinitionNode;
    if (operation.operation !== 'subscription') return next(request);
    const context = request.context as GatewayContext;
    const id = String(request.request.variables?.['id']);
    if (id === 'none') return { data: null, errors: [createCodedError('UNAUTHENTICATED')] } as never;
    if (context.subscribing === undefined) throw new Error('no stream is possible here');
    context.subscribing.prepared = {
      operationName: operation.name?.value,
      open({ after }: OpenOptions = {}) {
        if (id === 'broken') throw new Error('the password of 10.0.0.3 is hunter2');
        const stream = new TestStream(id, context, after);
        streams.push(stream);
        return stream;
      },
    };
    return { data: null } as never;
  };
  const system = await startSystem(
    {
      ...testResolvers,
      product: { Query: testResolvers.product['Query'] ?? {}, Product: testResolvers.product['Product'] ?? {} },
      order: {
        Query: { subscriptionCount: () => 3 },
        Mutation: { placeOrder: () => ({ id: '1', status: 'PENDING' }) },
      },
    } as never,
    { schemas: liveSchemas, executionStages: [subscribe], ...options },
  );
  return Object.assign(system, {
    streams,
    findOpen: (id: string) => streams.filter((stream) => stream.id === id && stream.ending === undefined),
    async readMetric(name: string) {
      const { text } = await system.metrics.scrape();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return Number(line?.slice(name.length) ?? Number.NaN);
    },
  });
}

/** The only open stream of an id, once it is there. */
export async function findStream(system: LiveSystem, id: string): Promise<TestStream> {
  await eventually(() => expect(system.findOpen(id)).toHaveLength(1));
  return system.findOpen(id)[0] as TestStream;
}

/** Reads the body of an answer in parts. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  text = '';

  constructor(response: Response) {
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
  }

  /** Reads until the body has a text. Returns all that was read. */
  async until(wanted: string): Promise<string> {
    while (!this.text.includes(wanted))
      if (!(await this.#read())) throw new Error(`The stream ended without ${wanted}: ${this.text}`);
    return this.text;
  }

  async untilEnd(): Promise<string> {
    while (await this.#read());
    return this.text;
  }

  /** Leaves before the end. */
  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  async #read(): Promise<boolean> {
    const { value, done } = await this.#reader.read();
    this.text += this.#decoder.decode(value, { stream: !done });
    return !done;
  }
}
