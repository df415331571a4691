import { AckPolicy, createInbox, DeliverPolicy, nanos, ReplayPolicy } from 'nats';
import type { ConsumerConfig, Msg, NatsConnection } from 'nats';
import { uuidv7 } from 'uuidv7';
import { isForbidden, isNotFound, isUnserved } from '../broker/api-error.ts';
import type { Broker } from '../broker/broker.ts';
import { isNats210OrNewer } from '../broker/server-version.ts';
import { delayAfter, pause } from '../async/wait.ts';
import type { Logger } from '../logger.ts';
import { Outage } from '../outage.ts';
import { inboxPrefix, outboxSequenceHeader, type WatchDefinition } from '../topology.ts';
import { DeliveryProof } from './delivery-proof.ts';
import { readPushedMessages } from './pushed-messages.ts';

/** A message of a stream, as a watch reads it. */
export interface WatchedMessage {
  readonly subject: string;
  /** Its place in the stream. */
  readonly sequence: number;
  /** When the broker stored it, by the broker's clock, in milliseconds since the epoch. */
  readonly storedAtMs: number;
  /** The envelope of the event. */
  readonly body: Uint8Array;
  /** The event's place in its publisher's outbox. Undefined for events of older releases. */
  readonly outboxSequence: bigint | undefined;
}

/** Options of {@link watchStream}. */
export interface WatchStreamOptions {
  readonly broker: Broker;
  readonly watch: WatchDefinition;
  /**
   * Where the watch begins. A number is an age in milliseconds: the watch reads events that are not older at each beginning, so that they
   * come again after each new connection. `last` is the last event of the stream, and each new connection goes on after the last one that
   * was handled.
   */
  readonly start: number | 'last';
  /** Called for each message in the order of the stream. */
  readonly handle: (message: WatchedMessage) => void;
  /** Called before the first event after a beginning that does not follow the event before: events may be missing. Default: nothing. */
  readonly onGap?: () => void;
  readonly logger: Logger;
  /** Milliseconds between two signs of the broker that it still delivers. After three without one, it begins again. Default: 2000. */
  readonly heartbeatMs?: number;
  /** Milliseconds without a proof that all was delivered, after which the watch is not current. Default: as long as it goes on. */
  readonly freshMs?: number;
}

/** The reading of recent events by a process without a database. */
export interface Watch {
  /** True while the watch is connected and has handled every event that was there when it began. */
  isConnected(): boolean;
  /**
   * The same, and all that the broker had `freshMs` ago is handled. The broker is asked only while this is called, so that the first call
   * after ten seconds without one is answered with false.
   */
  isCurrent(): boolean;
  /** Resolves once the watch is current, or to false when the signal aborts before. */
  whenCurrent(signal: AbortSignal): Promise<boolean>;
  stop(): Promise<void>;
}

const backoff = { firstMs: 100, maxMs: 2_000 };
const apiTimeoutMs = 5_000;
/** The broker ends an abandoned consumer after this time. */
const abandonedMs = 30_000;
/** So many questions without an answer, one after the other, end a watch. */
const maxUnanswered = 3;
/** Milliseconds after which nobody wants to know any more whether a watch is current. */
const restAfterMs = 10_000;

/** The place of a message in its stream. The time in nanoseconds tells it from a message that took the place after a loss. */
interface Place {
  readonly sequence: number;
  readonly storedAt: string;
}

/**
 * Reads recent messages of a stream, and then every new one, in order. Nothing is acknowledged, and the broker keeps no position.
 *
 * It returns at once. An unavailable broker or a missing stream is not an error: the watch waits for it.
 */
export function watchStream(options: WatchStreamOptions): Watch {
  const { broker, watch, start, logger, freshMs = Infinity, onGap } = options;
  const stopping = new AbortController();
  const outage = new Outage(logger, `watch of ${watch.stream}`);
  const waiting = new Set<() => void>();
  let isCurrent = false;
  let last: Place | undefined;
  let failures = 0;
  /** Asks the broker whether it has delivered everything to the present consumer. */
  let ask = (): Promise<boolean> => Promise.resolve(false);
  const proof = new DeliveryProof({
    ask: () => ask(),
    everyMs: freshMs / 3,
    restAfterMs,
    signal: stopping.signal,
  });

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
        await readOnce(nats, ending);
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

  /** Reads until the connection ends. Throws when the broker refuses, or sends nothing more. */
  async function readOnce(nats: NatsConnection, ending: AbortSignal): Promise<void> {
    const { handle, heartbeatMs = 2_000 } = options;
    const inbox = createInbox(inboxPrefix(watch.watcher));
    const subscription = nats.subscribe(inbox);
    try {
      const manager = await nats.jetstreamManager({ checkAPI: false, timeout: apiTimeoutMs });
      // An answer that comes later proves nothing.
      const questions = await nats.jetstreamManager({ checkAPI: false, timeout: Math.min(freshMs, apiTimeoutMs) });
      const name = `${watch.watcher}-${uuidv7()}`;
      const { num_pending: pending } = await manager.consumers.add(watch.stream, {
        ...createFilter(nats, watch),
        ...createStart(start, last),
        name,
        deliver_subject: inbox,
        ack_policy: AckPolicy.None,
        replay_policy: ReplayPolicy.Instant,
        idle_heartbeat: nanos(heartbeatMs),
        inactive_threshold: nanos(abandonedMs),
        mem_storage: true,
        num_replicas: 1,
      });
      proof.note();
      // A watch that goes on gets its last message once more. Another one in its place means that the stream is another one.
      let expected = last;
      if (expected !== undefined && pending === 0) {
        // The stream ends before it. This consumer would skip all that comes before that place.
        last = undefined;
        return;
      }
      if (expected === undefined) onGap?.();
      let handled = 0;
      if (pending === 0) setCurrent();
      const gone = new AbortController();
      let unanswered = 0;
      ask = async () => {
        try {
          const consumer = await questions.consumers.info(watch.stream, name);
          unanswered = 0;
          return consumer.num_pending === 0 && consumer.delivered.consumer_seq <= handled;
        } catch (error) {
          // A server of the broker that was started again does not know it, and one that is away does not answer for it.
          if (isUnserved(error) && !isForbidden(error)) unanswered += 1;
          if (isNotFound(error) || unanswered === maxUnanswered) gone.abort();
          return false;
        }
      };
      for await (const message of readPushedMessages(subscription, {
        silenceMs: 3 * heartbeatMs,
        ending: AbortSignal.any([ending, gone.signal]),
        onSign: () => proof.note(),
      })) {
        const place = readPlace(message);
        const isAgain = place.sequence === expected?.sequence && place.storedAt === expected.storedAt;
        if (expected !== undefined && !isAgain) onGap?.();
        expected = undefined;
        last = place;
        if (!isAgain && watch.subjects.includes(message.subject))
          handle({
            subject: message.subject,
            sequence: place.sequence,
            storedAtMs: Number(place.storedAt) / 1e6,
            body: message.data,
            outboxSequence: readOutboxSequence(message),
          });
        handled += 1;
        if (handled === pending) setCurrent();
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  const running = run();
  return {
    isConnected: () => isCurrent,
    isCurrent: () => isCurrent && (freshMs === Infinity || proof.isYoungerThan(freshMs)),
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

/** Before NATS 2.10 a consumer has one filter at most. There, a watch of several subjects gets all messages. */
function createFilter(nats: NatsConnection, { subjects }: WatchDefinition): Partial<ConsumerConfig> {
  const [subject] = subjects;
  if (subjects.length === 1 && subject !== undefined) return { filter_subject: subject };
  return isNats210OrNewer(nats) ? { filter_subjects: [...subjects] } : {};
}

function createStart(start: number | 'last', last: Place | undefined): Partial<ConsumerConfig> {
  if (start !== 'last')
    return {
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: new Date(Date.now() - start).toISOString(),
    };
  if (last === undefined) return { deliver_policy: DeliverPolicy.Last };
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: last.sequence };
}

/** `$JS.ACK.<stream>.<consumer>.<tries>.<stream sequence>.<delivery>.<time>…`, in newer forms with two tokens more in front. */
function readPlace({ reply = '' }: Msg): Place {
  const tokens = reply.split('.');
  const first = tokens.length > 9 ? 7 : 5;
  return { sequence: Number(tokens[first]), storedAt: tokens[first + 2] ?? '' };
}

function readOutboxSequence({ headers }: Msg): bigint | undefined {
  const text = headers?.get(outboxSequenceHeader) ?? '';
  return /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}
