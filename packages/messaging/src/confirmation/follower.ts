import { pause } from '../async/wait.ts';
import type { Broker, Responding } from '../broker/broker.ts';
import type { BatchRunner } from '../consumer/batch-runner.ts';
import type { Effects } from '../consumer/handle-messages.ts';
import { matchSubjects } from '../consumer/subject.ts';
import type { Logger } from '../logger.ts';
import { confirmationRequests } from '../topology.ts';
import type { ConsumerDefinition } from '../topology.ts';
import { HandedOverDelivery } from './handed-over.ts';
import type { CompareAnswer, CompareRequest, DeliverAnswer, DeliverRequest, HandedOverEvent } from './messages.ts';
import type { RecentIds } from './recent-ids.ts';
import type { StreamProgress } from './stream-progress.ts';

export interface FollowerOptions<Tx> {
  readonly broker: Broker;
  readonly consumer: ConsumerDefinition;
  readonly effects: Effects<Tx>;
  readonly runner: BatchRunner<Tx>;
  readonly progress: StreamProgress;
  /** Events that have no effect here, and so no row in the inbox. */
  readonly irrelevant: RecentIds;
  /** Milliseconds for which the stream's consumer may deliver nothing of what was published, before it counts as dead. */
  readonly deadAfterMs: number;
  /** Called when the stream's consumer is dead. */
  readonly onDeadConsumer: () => void;
  readonly logger: Logger;
}

/** What was noticed longer ago says nothing about the consumer now. */
const forgetAfterMs = 60_000;
/** Below the publisher's timeout, so that it learns what was handled. */
const answerWithinMs = 25_000;

const selectHaving = `
SELECT id::text AS id FROM unnest(string_to_array($2::text, ',')::uuid[]) AS id
WHERE EXISTS (SELECT FROM inbox WHERE consumer = $1::text AND message_id = id)
  OR EXISTS (SELECT FROM dead_letters WHERE consumer = $1::text AND message_id = id::text)`;

/** Answers a publisher's questions about the events that this consumer has, and handles those that it hands over. */
export class Follower<Tx> {
  readonly #options: FollowerOptions<Tx>;
  readonly #responding: readonly Responding[];
  /** The first and the last time that published events were handed over while the stream delivered nothing. */
  #dead: { readonly since: number; readonly until: number } | undefined;

  constructor(options: FollowerOptions<Tx>) {
    this.#options = options;
    const { broker, consumer } = options;
    const { compare, deliver } = confirmationRequests(broker.topology, consumer);
    this.#responding = [
      broker.respond(compare, (payload) => this.#compare(payload as CompareRequest)),
      broker.respond(deliver, (payload) => this.#deliver(payload as DeliverRequest)),
    ];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#responding.map((each) => each.stop()));
  }

  async #compare({ events }: CompareRequest): Promise<CompareAnswer> {
    const { effects, runner, progress, irrelevant } = this.#options;
    const held = runner.heldIds();
    const ids = events.map(([, id]) => id);
    const rows = await effects.transact((tx) =>
      effects.sql(tx).query<{ id: string }>(selectHaving, [effects.consumer, ids.join(',')]),
    );
    const having = new Set(rows.map(({ id }) => id));
    const mayCome = progress.expected();
    const lacking: string[] = [];
    const waiting: string[] = [];
    for (const [sequence, id] of events) {
      if (having.has(id) || irrelevant.has(id)) continue;
      if (held.has(id) || mayCome(BigInt(sequence))) waiting.push(id);
      else lacking.push(id);
    }
    return { lacking, waiting };
  }

  async #deliver({ events }: DeliverRequest): Promise<DeliverAnswer> {
    this.#watchConsumer(events);
    const { runner, consumer } = this.#options;
    const isConsumed = matchSubjects(consumer.subjects);
    const handled: string[] = [];
    const deliveries = events.map(async (event) => {
      // A publisher of a newer release may hand over what only a newer release of this service handles.
      if (!isConsumed(event.type)) return;
      const delivery = new HandedOverDelivery(event, consumer.stream);
      runner.accept(delivery);
      if (await delivery.hasIt) handled.push(event.id);
    });
    const late = new AbortController();
    await Promise.race([Promise.all(deliveries), pause(answerWithinMs, late.signal)]);
    late.abort();
    return { handled };
  }

  /** The consumer's position may be beyond the end of a shortened stream, or its state may be lost. */
  #watchConsumer(events: readonly HandedOverEvent[]): void {
    const { progress, deadAfterMs, onDeadConsumer } = this.#options;
    const now = performance.now();
    // An event that is handed over again and again, because only a newer release handles it, says nothing new.
    if (!progress.isIdle() || !events.some(({ published, attempts }) => published && attempts === 1)) {
      this.#dead = undefined;
      return;
    }
    const isOngoing = this.#dead !== undefined && now - this.#dead.until < forgetAfterMs;
    this.#dead = { since: isOngoing && this.#dead ? this.#dead.since : now, until: now };
    if (now - this.#dead.since < deadAfterMs) return;
    this.#dead = undefined;
    onDeadConsumer();
  }
}
