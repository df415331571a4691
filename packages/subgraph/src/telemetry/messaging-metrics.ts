import type { Broker, MessagingObserver, RunningConsumer } from '@shop/messaging';
import { callBuckets, type Metrics, workBuckets } from '@shop/process';

/** Counts what relay and consumers do. */
export function observeMessaging(metrics: Metrics): MessagingObserver {
  const published = metrics.counter({
    name: 'shop_relay_published_events_total',
    help: 'Events that the broker has stored',
    labels: ['stream'],
  });
  const failures = metrics.counter({
    name: 'shop_relay_failures_total',
    help: 'Aggregates whose next event could not be published, by attempt',
    labels: ['stream'],
  });
  const messages = metrics.counter({
    name: 'shop_consumer_messages_total',
    help: 'Messages by outcome: handled, irrelevant, retried (again later), dead_letter',
    labels: ['consumer', 'event', 'outcome'],
  });
  const redeliveries = metrics.counter({
    name: 'shop_consumer_redeliveries_total',
    help: 'Messages that the broker had delivered before',
    labels: ['consumer'],
  });
  const durations = metrics.histogram({
    name: 'shop_consumer_handling_duration_seconds',
    help: 'Time of the transaction that handled a message. Messages may share one',
    labels: ['consumer', 'event'],
    buckets: callBuckets,
  });
  const ages = metrics.histogram({
    name: 'shop_consumer_event_age_seconds',
    help: 'Time from the making of an event to its effect, by the clocks of two processes',
    labels: ['consumer'],
    buckets: workBuckets,
  });
  const healed = metrics.counter({
    name: 'shop_healing_events_total',
    help: 'Events that the stream did not deliver, and that were handed over to the follower',
    labels: ['consumer'],
  });
  const recreated = metrics.counter({
    name: 'shop_healing_recreations_total',
    help: 'Streams and consumers that delivered nothing and were made again',
    labels: ['kind', 'name'],
  });
  return {
    published({ stream, events, failures: failed }) {
      published.inc({ stream }, events);
      failures.inc({ stream }, failed);
    },
    settled({ consumer, type: event, outcome, deliveries, seconds, ageSeconds }) {
      messages.inc({ consumer, event, outcome });
      if (deliveries > 1) redeliveries.inc({ consumer });
      if (seconds !== undefined) durations.observe({ consumer, event }, seconds);
      if (outcome === 'handled' && ageSeconds !== undefined) ages.observe({ consumer }, ageSeconds);
    },
    healed: ({ consumer, events }) => healed.inc({ consumer }, events),
    recreated: (labels) => recreated.inc(labels),
  };
}

/** Adds whether the broker is connected, and how far the consumers are behind, as it counts for all replicas. */
export function addBrokerGauges(metrics: Metrics, broker: Broker, consumers: readonly RunningConsumer[]): void {
  metrics.gauge({
    name: 'shop_broker_connected',
    help: 'Whether the process is connected to NATS',
    read: () => (broker.isConnected() ? 1 : 0),
  });
  metrics.collect({
    name: 'consumer lag',
    gauges: {
      shop_consumer_pending_messages: {
        help: 'Messages in the stream that no replica has been given yet',
        labels: ['consumer'],
      },
      shop_consumer_unanswered_messages: {
        help: 'Messages that a replica was given and has not answered',
        labels: ['consumer'],
      },
    },
    read: async () => {
      const lags = await Promise.all(consumers.map(async ({ name, readLag }) => ({ name, lag: await readLag() })));
      const list = (pick: (lag: Awaited<ReturnType<RunningConsumer['readLag']>>) => number) =>
        lags.map(({ name, lag }) => ({ labels: { consumer: name }, value: pick(lag) }));
      return {
        shop_consumer_pending_messages: list(({ pending }) => pending),
        shop_consumer_unanswered_messages: list(({ unanswered }) => unanswered),
      };
    },
  });
}
