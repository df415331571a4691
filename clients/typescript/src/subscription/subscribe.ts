import type { SubscriptionOperation } from '../operation.ts';
import type { RetryOptions } from '../retry/retry-exchange.ts';
import type { Session } from '../session/session.ts';
import type { Transport } from '../transport/create-fetch.ts';
import { requireId } from '../transport/require-id.ts';
import { FollowedSubscription } from './followed-subscription.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';

/** Starts to follow a subscription. */
export type Subscribe = <Data, Variables>(
  operation: SubscriptionOperation<Data, Variables>,
  variables: NoInfer<Variables> | undefined,
  options?: SubscribeOptions<Data>,
) => Subscription<Data>;

interface SubscriberOptions {
  readonly url: string;
  readonly transport: Transport;
  readonly session: Session;
  readonly persistedOnly: boolean;
  readonly retry: RetryOptions;
  readonly heartbeatMs: number;
}

/** Subscribes by server-sent events, in the mode of distinct connections of GraphQL over SSE. */
export function createSubscriber({ persistedOnly, ...settings }: SubscriberOptions): Subscribe {
  return (operation, variables, options = {}) => {
    const sent = persistedOnly
      ? { extensions: { persistedQuery: { version: 1, sha256Hash: requireId(operation) } } }
      : { query: operation.body };
    // An operation without a name is sent without one.
    const body = JSON.stringify({ operationName: operation.name || undefined, ...sent, variables: variables ?? {} });
    return new FollowedSubscription({ ...settings, body, options });
  };
}
