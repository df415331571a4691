import type { Backoff } from '../async/backoff.ts';
import type { Broker } from '../broker/broker.ts';
import type { Logger } from '../logger.ts';
import type { SqlExecutor, Transact } from '../sql.ts';
import type { ConsumerDefinition } from '../topology.ts';
import type { EventHandler } from './handlers.ts';

/** Options of `startConsumer`. */
export interface ConsumerOptions<Tx> {
  readonly broker: Broker;
  readonly consumer: ConsumerDefinition;
  /** What is done with each type of event; made with `on` and `onBatch`. */
  readonly handlers: readonly EventHandler<Tx>[];
  /** Runs the handlers' transactions, in the database that has inbox and dead letters. */
  readonly transact: Transact<Tx>;
  /** SQL inside of such a transaction. */
  readonly sql: (tx: Tx) => SqlExecutor;
  readonly logger: Logger;
  /** The same database. Given, requests to resend dead letters are noticed at once over a connection of their own, otherwise by the poll. */
  readonly databaseUrl?: string;
  /** Most messages that share a transaction. Default 256. */
  readonly batchSize?: number;
  /** Messages that are handled at a time, each in a transaction of its own, after one of their batch failed. Default 16. */
  readonly concurrency?: number;
  /** Failed attempts after which a message becomes a dead letter. Default 8. */
  readonly maxAttempts?: number;
  /** Waits between attempts. Default 100 ms to 30 s. */
  readonly backoff?: Backoff;
  /**
   * Deliveries after which a message becomes a dead letter unhandled, since handling it seems to end the process each time. Default 50.
   */
  readonly maxDeliveries?: number;
  /** Milliseconds after which a message of a replica that vanished is delivered to another. Default 10000. */
  readonly ackWaitMs?: number;
  /** Messages that all replicas together may have in work. Default 1024. */
  readonly maxAckPending?: number;
  /** How often requests to resend are looked for, in milliseconds. Default 5000. */
  readonly resendPollMs?: number;
  /**
   * Whether an error is the database's and passes: the message is held and tried again without counting the attempt.
   * Default: `isTransientDatabaseError`.
   */
  readonly isTransient?: (error: unknown) => boolean;
}
