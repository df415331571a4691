import { createInbox, nanos, type NatsConnection } from 'nats';
import { AckPolicy, DeliverPolicy, ReplayPolicy } from 'nats';
import { uuidv7 } from 'uuidv7';
import { isNotFound, isUnserved } from '../broker/api-error.ts';
import type { Broker } from '../broker/broker.ts';
import { delayAfter, pause } from '../async/wait.ts';
import { parseEnvelope } from '../envelope.ts';
import type { EventDefinition, ReceivedEvent } from '../event.ts';
import type { Logger } from '../logger.ts';
import { Outage } from '../outage.ts';
import { inboxPrefix, type WatchDefinition } from '../topology.ts';
import { readPushedMessages } from './pushed-messages.ts';

/** Options of {@link watchEvents}. */
export interface WatchOptions<Data> {
  readonly broker: Broker;
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

/** The reading of recent events by a process without a database. */
export interface Watch {
  /** True while the watch is connected and has handled every event that was there when it began. */
  isCurrent(): boolean;
  /** Resolves once the watch is current, or to false when the signal aborts before. */
  whenCurrent(signal: AbortSignal): Promise<boolean>;
  stop(): Promise<void>;
}

const backoff = { firstMs: 100, maxMs: 2_000 };
const apiTimeoutMs = 5_000;
/** The broker ends an abandoned consumer after this time. */
const abandonedMs = 30_000;

/**
 * Reads the recent events of one type, and then every new one. Nothing is acknowledged and no position is kept: after each new
 * connection, the events of the last `sinceMs` come again. So `handle` must not mind repeated events.
 *
 * It returns at once. An unavailable broker or a missing stream is not an error: the watch waits for it.
 */
export function watchEvents<Data>(options: WatchOptions<Data>): Watch {
  const { broker, watch, logger } = options;
  const stopping = new AbortController();
  const outage = new Outage(logger, `watch of ${watch.subject}`);
  const waiting = new Set<() => void>();
  let isCurrent = false;
  let failures = 0;

  function setCurrent(): void {
    isCurrent = true;
    failures = 0;
    broker.link.noteService(true);
    outage.ends();
    for (const resolve of [...waiting]) resolve();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const nats = await broker.link.whenUp(stopping.signal);
      if (nats === null) return;
      const ending = AbortSignal.any([stopping.signal, broker.link.untilLost]);
      try {
        await readOnce(nats, options, { ending, onCurrent: setCurrent });
      } catch (error) {
        // Before the first start of the publisher there is no stream.
        if (!stopping.signal.aborted) {
          broker.link.noteService(!isUnserved(error));
          outage.begins(error, {}, isNotFound(error) ? 'info' : 'warn');
        }
      }
      isCurrent = false;
      await pause(delayAfter(++failures, backoff), stopping.signal);
    }
  }

  const running = run();
  return {
    isCurrent: () => isCurrent,
    whenCurrent: (signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          waiting.delete(end);
          signal.removeEventListener('abort', end);
          resolve(isCurrent);
        };
        if (isCurrent || signal.aborted) return resolve(isCurrent);
        waiting.add(end);
        signal.addEventListener('abort', end);
      }),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Reads until the connection ends. Throws when the broker refuses, or sends nothing more. */
async function readOnce<Data>(
  nats: NatsConnection,
  { watch, event, sinceMs, handle, logger, heartbeatMs = 2_000 }: WatchOptions<Data>,
  { ending, onCurrent }: { ending: AbortSignal; onCurrent: () => void },
): Promise<void> {
  const inbox = createInbox(inboxPrefix(watch.watcher));
  const subscription = nats.subscribe(inbox);
  try {
    const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
    const { num_pending: pending } = await manager.consumers.add(watch.stream, {
      name: `${watch.watcher}-${uuidv7()}`,
      deliver_subject: inbox,
      filter_subject: watch.subject,
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: new Date(Date.now() - sinceMs).toISOString(),
      ack_policy: AckPolicy.None,
      replay_policy: ReplayPolicy.Instant,
      idle_heartbeat: nanos(heartbeatMs),
      inactive_threshold: nanos(abandonedMs),
      mem_storage: true,
      num_replicas: 1,
    });
    let missing = pending;
    if (missing === 0) onCurrent();
    for await (const message of readPushedMessages(subscription, { silenceMs: 3 * heartbeatMs, ending })) {
      try {
        const unchecked = parseEnvelope(message.data, {});
        handle({ ...unchecked, data: event.parse(unchecked.data) });
      } catch (error) {
        logger.error({ err: error, subject: watch.subject }, 'a watched event cannot be read');
      }
      missing -= 1;
      if (missing === 0) onCurrent();
    }
  } finally {
    subscription.unsubscribe();
  }
}
