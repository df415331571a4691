import type { Broker } from '../broker/broker.ts';
import { parseEnvelope } from '../envelope.ts';
import type { EventDefinition, ReceivedEvent } from '../event.ts';
import type { Logger } from '../logger.ts';
import type { WatchDefinition } from '../topology.ts';
import { watchStream, type Watch } from './watch-stream.ts';

/** Options of {@link watchEvents}. */
export interface WatchOptions<Data> {
  readonly broker: Broker;
  /** A watch of one subject. */
  readonly watch: WatchDefinition;
  readonly event: EventDefinition<Data>;
  /** How far back the watch reads at each beginning, in milliseconds. */
  readonly sinceMs: number;
  /** Called for each event in the order of the stream. Events come again after each new connection. */
  readonly handle: (event: ReceivedEvent<Data>) => void;
  readonly logger: Logger;
  /** Milliseconds between two signs of the broker that it still delivers. After three without one, it begins again. Default: 2000. */
  readonly heartbeatMs?: number;
}

/**
 * Reads the recent events of one type, and then every new one. After each new connection, the events of the last `sinceMs` come again.
 * So `handle` must not mind repeated events.
 *
 * It returns at once. An unavailable broker or a missing stream is not an error: the watch waits for it.
 */
export function watchEvents<Data>({ event, sinceMs, handle, logger, ...options }: WatchOptions<Data>): Watch {
  return watchStream({
    ...options,
    start: sinceMs,
    logger,
    handle({ body, subject }) {
      try {
        const unchecked = parseEnvelope(body, {});
        handle({ ...unchecked, data: event.parse(unchecked.data) });
      } catch (error) {
        logger.error({ err: error, subject }, 'a watched event cannot be read');
      }
    },
  });
}
