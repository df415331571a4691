import { createCodedError } from '@shop/graphql';

export interface SubscriptionLimitOptions {
  /** The most subscriptions of one connection. */
  readonly perConnection: number;
  /** The most subscriptions of one client: a user, or an address without a user. */
  readonly perClient: number;
  /** The most subscriptions of this process. */
  readonly max: number;
}

/** Bounds the subscriptions that are open at a time. */
export class SubscriptionLimits {
  readonly #options: SubscriptionLimitOptions;
  readonly #byClient = new Map<string, number>();
  readonly #byConnection = new WeakMap<object, number>();
  #size = 0;

  constructor(options: SubscriptionLimitOptions) {
    this.#options = options;
  }

  /** How many are open. */
  get size(): number {
    return this.#size;
  }

  /** How many clients have some. */
  get clients(): number {
    return this.#byClient.size;
  }

  /**
   * Counts a subscription.
   *
   * @param connection the same object for all subscriptions of a connection
   * @returns a function that ends it. Later calls change nothing.
   * @throws GraphQLError TOO_MANY_SUBSCRIPTIONS
   */
  enter(client: string, connection: object): () => void {
    const { perConnection, perClient, max } = this.#options;
    const ofClient = this.#byClient.get(client) ?? 0;
    const ofConnection = this.#byConnection.get(connection) ?? 0;
    if (ofConnection >= perConnection) throw tooMany('This connection has', perConnection, 'End some of them.');
    if (ofClient >= perClient) throw tooMany('You have', perClient, 'End some of them.');
    if (this.#size >= max) throw tooMany('This gateway has', max, 'Try again later.');
    this.#size += 1;
    this.#byClient.set(client, ofClient + 1);
    this.#byConnection.set(connection, ofConnection + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#size -= 1;
      this.#byConnection.set(connection, (this.#byConnection.get(connection) ?? 1) - 1);
      const rest = (this.#byClient.get(client) ?? 1) - 1;
      if (rest === 0) this.#byClient.delete(client);
      else this.#byClient.set(client, rest);
    };
  }
}

function tooMany(who: string, limit: number, advice: string) {
  return createCodedError('TOO_MANY_SUBSCRIPTIONS', {
    message: `${who} ${limit} subscriptions, which is the limit. ${advice}`,
    extensions: { limit },
  });
}
