import type { Pool, PoolClient } from 'pg';
import { delayAfter, pause } from '../async/wait.ts';
import type { Broker } from '../broker/broker.ts';
import { RequestFailed } from '../broker/request.ts';
import { toSubjectExpression } from '../consumer/subject.ts';
import type { Logger } from '../logger.ts';
import type { MessagingObserver } from '../observer.ts';
import { Outage } from '../outage.ts';
import { fromPg, pgTransact } from '../sql.ts';
import type { SqlExecutor, Transact } from '../sql.ts';
import { confirmationRequests, durableName } from '../topology.ts';
import type { ConfirmationRequests, ConsumerDefinition } from '../topology.ts';
import { ensureFollower, loadEvents, loadOpenPlaces, loadPlaces, lockFollower, saveFollower } from './follower-rows.ts';
import type { FollowerRow, OutboxPlace, StoredEvent } from './follower-rows.ts';
import type { SettledHorizon } from './horizon.ts';
import type { CompareAnswer, CompareRequest, DeliverAnswer, DeliverRequest } from './messages.ts';

export interface ConfirmerOptions {
  readonly pool: Pool;
  readonly broker: Broker;
  /** The follower. */
  readonly consumer: ConsumerDefinition;
  readonly horizon: SettledHorizon;
  readonly logger: Logger;
  readonly observer?: MessagingObserver | undefined;
  /** Milliseconds between comparisons, and five times as many while there is nothing to compare. */
  readonly everyMs: number;
  /** Milliseconds for which a stream may deliver none of the events that it acknowledges, before it counts as dead. */
  readonly deadAfterMs: number;
  /** Called when the stream is dead. */
  readonly onDeadStream: () => Promise<void>;
}

const quietFactor = 5;
const compareTimeoutMs = 10_000;
const deliverTimeoutMs = 30_000;
/** After this time a round ends, so that its transaction does. */
const roundMs = 20_000;
const maxPlaces = 2_000;
/** Events that may stay open while later ones are confirmed. More of them, and the follower is far behind, or away. */
const maxOpen = 1_000;
const maxEvents = 200;
/** A share of the broker's largest message, which is 1 MiB by default. */
const maxBytes = 400_000;
const backoff = { firstMs: 500, maxMs: 5_000 };

/**
 * Makes sure that one follower has every event that it follows, whatever the broker's store says.
 *
 * It asks the follower which of the events it lacks, a while after their commits, and hands over those that the stream
 * will not deliver. The follower looks them up by their own ids. What it has, is confirmed up to a place in the outbox,
 * except for the events that stay open: one that cannot be handled for weeks must not hold up those behind it, whose ids
 * the follower's inbox does not keep for ever.
 */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  readonly #name: string;
  readonly #types: string;
  readonly #requests: ConfirmationRequests;
  readonly #transact: Transact<PoolClient>;
  readonly #outage: Outage;
  /** The place up to which the follower had everything, without exception, when its row was last read. */
  #settled: bigint | undefined;
  /** How often events were handed over that the follower has not confirmed since. */
  readonly #attempts = new Map<string, number>();
  /** Since when, and from which place on, acknowledged events have not come out of the stream. */
  #dead: { readonly since: number; readonly after: bigint } | undefined;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
    const { broker, consumer, pool, logger } = options;
    this.#name = durableName(consumer);
    this.#types = toSubjectExpression(consumer.subjects);
    this.#requests = confirmationRequests(broker.topology, consumer);
    this.#transact = pgTransact(pool);
    this.#outage = new Outage(logger, `confirming what ${this.#name} has`);
  }

  /** Compares until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { broker, pool, everyMs } = this.#options;
    let hasRow = false;
    for (let failures = 0; !signal.aborted;) {
      if (!(await broker.link.whenUp(signal))) continue;
      try {
        if (!hasRow) await ensureFollower(fromPg(pool), this.#name);
        hasRow = true;
        const hasMore = await this.#round(signal);
        failures = 0;
        this.#outage.ends();
        // An event is compared a while after its commit, so that it may also be noticed a while after it.
        if (!hasMore) await pause(this.#isComplete() ? quietFactor * everyMs : everyMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        this.#report(error);
        await pause(delayAfter(failures, backoff), signal);
      }
    }
  }

  /** True when the follower has everything, and nothing was written since. */
  #isComplete(): boolean {
    return this.#options.horizon.isQuiet && this.#settled !== undefined;
  }

  /** Returns whether more events can be compared at once. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const horizon = await this.#options.horizon.find();
    if (horizon === undefined || horizon === this.#settled) return false;
    return this.#transact(async (client) => {
      const sql = fromPg(client);
      const follower = await lockFollower(sql, this.#name);
      if (!follower) return false;
      const again = await loadOpenPlaces(sql, follower.open, this.#types);
      const limit = maxPlaces - again.length;
      const range = { after: follower.confirmed, through: horizon, types: this.#types, limit };
      const places = [...again, ...(await loadPlaces(sql, range))];
      const open = await this.#findOpen(sql, places, signal);
      const isFull = places.length === maxPlaces;
      const end = isFull ? BigInt(places.at(-1)?.sequence ?? 0) : max(follower.confirmed, horizon);
      const next = toRow(places, open, end);
      await this.#save(sql, follower, next);
      this.#settled = next.open.length === 0 ? next.confirmed : undefined;
      return isFull && next.confirmed > follower.confirmed;
    });
  }

  /** Hands over what the follower lacks. Returns the ids of events that it still does not have. */
  async #findOpen(sql: SqlExecutor, places: readonly OutboxPlace[], signal: AbortSignal): Promise<Set<string>> {
    if (places.length === 0) return new Set();
    const question: CompareRequest = { events: places.map(({ sequence, id }) => [sequence, id]) };
    const { compare } = this.#requests;
    const options = { timeoutMs: compareTimeoutMs, signal };
    const answer = await this.#options.broker.request(compare, question, options);
    const { lacking, waiting } = readCompareAnswer(answer);
    const events = lacking.length === 0 ? [] : await loadEvents(sql, lacking);
    const handled = await this.#deliver(events, signal);
    await this.#watchStream(places, events);
    const open = new Set([...waiting, ...lacking.filter((id) => !handled.has(id))]);
    // Kept while an event is open: the process that it ends each time begins by waiting for the stream.
    for (const id of this.#attempts.keys()) if (!open.has(id)) this.#attempts.delete(id);
    return open;
  }

  async #deliver(events: readonly StoredEvent[], signal: AbortSignal): Promise<Set<string>> {
    const handled = new Set<string>();
    const until = performance.now() + roundMs;
    for (const batch of divide(events)) {
      if (signal.aborted || performance.now() > until) break;
      const request: DeliverRequest = { events: batch.map((event) => this.#handOver(event)) };
      const options = { timeoutMs: deliverTimeoutMs, signal };
      const answer = await this.#options.broker.request(this.#requests.deliver, request, options);
      for (const id of readDeliverAnswer(answer)) handled.add(id);
    }
    if (handled.size > 0) this.#reportDelivered(handled.size);
    return handled;
  }

  #handOver({ bytes: _bytes, ...event }: StoredEvent) {
    const attempts = (this.#attempts.get(event.id) ?? 0) + 1;
    this.#attempts.set(event.id, attempts);
    return { ...event, attempts };
  }

  /** Notices a stream that acknowledges events and delivers none: also those that were acknowledged since it was noticed. */
  async #watchStream(places: readonly OutboxPlace[], delivered: readonly StoredEvent[]): Promise<void> {
    const last = BigInt(places.at(-1)?.sequence ?? 0);
    // An event that was handed over before has lost nothing since.
    const missed = delivered.findLast(({ published, id }) => published && this.#attempts.get(id) === 1);
    if (missed === undefined) {
      if (this.#dead && last > this.#dead.after) this.#dead = undefined;
      return;
    }
    this.#dead ??= { since: performance.now(), after: last };
    const isDead =
      BigInt(missed.sequence) > this.#dead.after && performance.now() - this.#dead.since > this.#options.deadAfterMs;
    if (!isDead) return;
    this.#dead = undefined;
    await this.#options.onDeadStream();
  }

  async #save(sql: SqlExecutor, before: FollowerRow, after: FollowerRow): Promise<void> {
    const isSame = after.confirmed === before.confirmed && after.open.join(',') === before.open.join(',');
    if (!isSame) await saveFollower(sql, this.#name, after);
  }

  #reportDelivered(events: number): void {
    const { logger, observer } = this.#options;
    observer?.healed({ consumer: this.#name, events });
    logger.warn({ consumer: this.#name, events }, 'the stream did not deliver some events, they were handed over');
  }

  /** The other service may not be running. The connection itself reports that the broker is away. */
  #report(error: unknown): void {
    const isFollowerAway = error instanceof RequestFailed;
    if (this.#options.broker.isConnected()) this.#outage.begins(error, {}, isFollowerAway ? 'info' : 'warn');
  }
}

/** The confirmed events end before the first open one that is one too many. */
function toRow(places: readonly OutboxPlace[], open: ReadonlySet<string>, end: bigint): FollowerRow {
  const sequences = places.filter(({ id }) => open.has(id)).map(({ sequence }) => sequence);
  const oneTooMany = sequences[maxOpen];
  return {
    confirmed: oneTooMany === undefined ? end : BigInt(oneTooMany) - 1n,
    open: sequences.slice(0, maxOpen),
  };
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** Divides events into requests that the broker accepts. An event that is too large for one with others is alone. */
function divide(events: readonly StoredEvent[]): StoredEvent[][] {
  const batches: StoredEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === maxEvents || bytes + event.bytes > maxBytes) {
      batches.push([event]);
      bytes = 0;
    } else batch.push(event);
    bytes += event.bytes;
  }
  return batches;
}

function readCompareAnswer(answer: unknown): CompareAnswer {
  const { lacking, waiting } = (answer ?? {}) as Partial<Record<keyof CompareAnswer, unknown>>;
  if (!isStrings(lacking) || !isStrings(waiting)) throw new TypeError('The answer of a follower has another form.');
  return { lacking, waiting };
}

function readDeliverAnswer(answer: unknown): readonly string[] {
  const { handled } = (answer ?? {}) as Partial<Record<keyof DeliverAnswer, unknown>>;
  if (!isStrings(handled)) throw new TypeError('The answer of a follower has another form.');
  return handled;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
