import { changeWatches } from '@shop/contracts';
import { parseEnvelope, watchStream, type Broker, type WatchedMessage } from '@shop/messaging';
import type { Logger, Metrics } from '@shop/process';
import type { EventFeed, FeedEvent, FeedListener } from './event-feed.ts';

/** How old a proof that all events have come may be. */
const freshMs = 900;
/** The newest events of a stream are kept, for clients that come back. */
const maxRecent = 2_000;

/** A feed that can be stopped. */
export interface RunningFeed extends EventFeed {
  stop(): Promise<void>;
}

/** In seconds. The bound for what is served from the cache is 50 ms. */
const delayBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/**
 * Follows the events of all services that say in the services table what the gateway watches. It returns at once.
 *
 * @param options.metrics Default: nothing is measured.
 */
export function followEvents(options: { broker: Broker; metrics?: Metrics; logger: Logger }): RunningFeed {
  const { broker, metrics, logger } = options;
  const delays = metrics?.histogram({
    name: 'shop_gateway_event_delay_seconds',
    help:
      "Time from the broker's storing of an event until the gateway has dropped what it changes from the cache. It contains the " +
      'difference between the two clocks',
    labels: ['stream'],
    buckets: delayBuckets,
  });
  const listeners = new Set<FeedListener>();
  const recent = new Map<string, FeedEvent[]>(changeWatches.map(({ stream }) => [stream, []]));
  const streams = new Map(changeWatches.flatMap(({ stream, subjects }) => subjects.map((type) => [type, stream])));

  function keep(event: FeedEvent): void {
    const events = recent.get(event.stream);
    events?.push(event);
    // Not one by one: each would move all others.
    if (events !== undefined && events.length >= 2 * maxRecent) events.splice(0, maxRecent);
  }

  function declareGap(stream: string): void {
    recent.set(stream, []);
    for (const { onGap } of listeners) onGap(stream);
  }

  function handle(stream: string, message: WatchedMessage): void {
    const { sequence, subject: type, body, outboxSequence } = message;
    let event: FeedEvent;
    try {
      const { subject, time, data } = parseEnvelope(body, {});
      event = { stream, sequence, type, subject, time, data, outboxSequence };
    } catch (error) {
      // It may be about anything that somebody watches or keeps.
      logger.error({ err: error, stream, sequence }, 'a watched event cannot be read');
      declareGap(stream);
      return;
    }
    keep(event);
    for (const { onEvent } of listeners) onEvent(event);
    // The events of before the start are old.
    if (watches.get(stream)?.isConnected() === true)
      delays?.observe({ stream }, Math.max(0, Date.now() - message.storedAtMs) / 1_000);
  }

  const watches = new Map(
    changeWatches.map((watch) => [
      watch.stream,
      watchStream({
        broker,
        watch,
        start: 'last',
        handle: (message) => handle(watch.stream, message),
        onGap: () => declareGap(watch.stream),
        logger,
        freshMs,
      }),
    ]),
  );

  return {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isCurrent: (stream) => watches.get(stream)?.isCurrent() === true,
    isFollowed: (stream) => watches.get(stream)?.isConnected() === true,
    findStream: (type) => streams.get(type),
    listAfter({ stream, sequence, time }) {
      const events = recent.get(stream) ?? [];
      const index = events.findIndex((event) => event.sequence === sequence && +event.time === +time);
      return index < 0 ? undefined : events.slice(index + 1);
    },
    async stop() {
      await Promise.all([...watches.values()].map((watch) => watch.stop()));
    },
  };
}
