import { createCodedError } from '@shop/graphql';
import type { Metrics } from '@shop/process';
import type { ServedGraph } from '../graph/served-graph.ts';
import type { LiveEnding, LiveStream, PreparedSubscription } from '../live/live-stream.ts';
import { SubscriptionLimits, type SubscriptionLimitOptions } from './subscription-limits.ts';

export type Transport = 'sse' | 'multipart' | 'websocket';

const transports: readonly Transport[] = ['sse', 'multipart', 'websocket'];
const endings: readonly LiveEnding[] = ['complete', 'restart', 'unauthenticated', 'slow', 'closed'];

/** A stream on its way to a client. */
export interface OpenSubscription {
  readonly stream: LiveStream;
  /** Counts a message that was sent. */
  countMessage(): void;
  /** Called once, when the stream has ended and nothing more is sent. */
  finish(): void;
}

interface Counts {
  open: number;
  messages: number;
  readonly ended: Record<LiveEnding, number>;
}

/** The subscriptions of this process that are open, over all transports. */
export class OpenSubscriptions {
  readonly #limits: SubscriptionLimits;
  readonly #streams = new Set<LiveStream>();
  readonly #counts = new Map<Transport, Counts>(
    transports.map((transport) => [
      transport,
      { open: 0, messages: 0, ended: { complete: 0, restart: 0, unauthenticated: 0, slow: 0, closed: 0 } },
    ]),
  );
  #isClosed = false;

  constructor(limits: SubscriptionLimitOptions, metrics: Metrics) {
    this.#limits = new SubscriptionLimits(limits);
    this.#addMetrics(metrics);
  }

  /** How many are open. */
  get size(): number {
    return this.#limits.size;
  }

  /** True once {@link close} was called. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Opens a subscription. The caller is within a request of its supergraph.
   *
   * @param options.connection the same object for all subscriptions of a connection
   * @param options.after the position of the last message that the client has had
   * @throws GraphQLError TOO_MANY_SUBSCRIPTIONS, SUBSCRIPTION_RESTART while the gateway stops, and what `open` throws
   */
  open(
    prepared: PreparedSubscription,
    options: {
      readonly graph: Pick<ServedGraph, 'addStream'>;
      readonly client: string;
      readonly connection: object;
      readonly transport: Transport;
      readonly after?: string | undefined;
    },
  ): OpenSubscription {
    const { graph, client, connection, transport, after } = options;
    if (this.#isClosed) throw createCodedError('SUBSCRIPTION_RESTART');
    const leave = this.#limits.enter(client, connection);
    let stream: LiveStream;
    try {
      stream = prepared.open({ after });
    } catch (error) {
      leave();
      throw error;
    }
    this.#streams.add(stream);
    const forget = graph.addStream(stream);
    const counts = this.#counts.get(transport) as Counts;
    counts.open += 1;
    return {
      stream,
      countMessage: () => void (counts.messages += 1),
      finish: () => {
        if (!this.#streams.delete(stream)) return;
        forget();
        leave();
        counts.open -= 1;
        counts.ended[stream.ending ?? 'complete'] += 1;
      },
    };
  }

  /** Ends all streams with `restart`. Further ones are refused. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.end('restart');
  }

  #addMetrics(metrics: Metrics): void {
    const read = (take: (counts: Counts) => number) =>
      [...this.#counts].map(([transport, counts]) => ({ labels: { transport }, value: take(counts) }));
    metrics.gauge({
      name: 'shop_gateway_subscriptions_open',
      help: 'Subscriptions that are open, by transport: sse, multipart, websocket. SUBSCRIPTIONS_MAX bounds them',
      labels: ['transport'],
      read: () => read(({ open }) => open),
    });
    metrics.gauge({
      name: 'shop_gateway_subscriptions_clients',
      help: 'Clients with an open subscription: users, and addresses without a user',
      read: () => this.#limits.clients,
    });
    metrics.total({
      name: 'shop_gateway_subscriptions_messages_total',
      help: 'Messages of subscriptions that were sent to clients',
      labels: ['transport'],
      read: () => read(({ messages }) => messages),
    });
    metrics.total({
      name: 'shop_gateway_subscriptions_ended_total',
      help:
        'Subscriptions that ended: complete, restart (the gateway stops or has another supergraph), unauthenticated (token or session ' +
        'ended), slow (the client does not read), closed (the client left)',
      labels: ['transport', 'ending'],
      read: () =>
        [...this.#counts].flatMap(([transport, { ended }]) =>
          endings.map((ending) => ({ labels: { transport, ending }, value: ended[ending] })),
        ),
    });
  }
}
