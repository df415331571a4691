import type { Backoff } from '../async/wait.ts';
import type { Broker } from '../broker/broker.ts';
import type { OutboxEvent } from '../event.ts';
import type { Logger } from '../logger.ts';
import type { MessagingObserver } from '../observer.ts';
import type { SqlExecutor, Transact } from '../sql.ts';
import type { ConsumerDefinition } from '../topology.ts';
import type { EventHandler } from './handlers.ts';

/** The part of a dead letter that others may know. Its data and its error may be secret. */
export interface DeadLetterNotice {
  readonly consumer: string;
  readonly eventType: string;
  readonly eventId: string;
}

/** Options of `startConsumer`. */
export interface ConsumerOptions<Tx> {
  readonly broker: Broker;
  readonly consumer: ConsumerDefinition;
  /** One handler for each event type, made with `on` or `onBatch`. */
  readonly handlers: readonly EventHandler<Tx>[];
  /** Runs the handlers' transactions, in the database that has the inbox and the dead letters. */
  readonly transact: Transact<Tx>;
  /** Returns an executor for SQL inside such a transaction. */
  readonly sql: (tx: Tx) => SqlExecutor;
  readonly logger: Logger;
  /** Default: none. */
  readonly observer?: MessagingObserver;
  /**
   * URL of the same database, past a pooler. With it, the consumer listens on its own connection and handles requested dead letters at
   * once.
   * Without it, the next poll finds them.
   */
  readonly databaseUrl?: string;
  /** Maximum number of messages in a transaction. Default: 256. */
  readonly batchSize?: number;
  /**
   * Milliseconds for which messages are gathered before they are handled together, unless they fill a transaction. For effects that
   * nobody waits for: they take fewer transactions, and what others wait for goes first. Default: 0.
   */
  readonly gatherMs?: number;
  /** Maximum number of messages that run at a time, each in its own transaction, after their batch failed. Default: 16. */
  readonly concurrency?: number;
  /** Number of failed attempts after which a message becomes a dead letter. Default: 8. */
  readonly maxAttempts?: number;
  /** Waits between the attempts. Default: 100 ms to 30 s. */
  readonly backoff?: Backoff;
  /**
   * Number of unanswered deliveries after which a message becomes a dead letter without being handled: handling it seems to end the
   * process each time. Default: 50.
   */
  readonly maxDeliveries?: number;
  /** Milliseconds after which the broker gives a message of a replica that vanished to another. Default: 10000. */
  readonly ackWaitMs?: number;
  /** Maximum number of unanswered messages of all replicas together. Default: 1024. */
  readonly maxAckPending?: number;
  /**
   * Milliseconds for which the stream may deliver nothing, while the publisher hands over published events instead, before the durable
   * consumer is made again. Default: 10000.
   */
  readonly resetAfterMs?: number;
  /** Milliseconds without a newer event after which the stream counts as idle: what it owes is handed over. Default: 5000. */
  readonly idleAfterMs?: number;
  /** Milliseconds between polls for requested dead letters. A notification wakes the consumer before. Default: 30000. */
  readonly resendPollMs?: number;
  /** Returns the event that reports a dead letter. It is published with the transaction that stores that. Default: none. */
  readonly reportDeadLetter?: (notice: DeadLetterNotice) => OutboxEvent;
  /**
   * Returns whether an error comes from the database and will pass. The consumer then holds the message and retries it without counting
   * the attempt. Default: `isTransientDatabaseError`.
   */
  readonly isTransient?: (error: unknown) => boolean;
}
