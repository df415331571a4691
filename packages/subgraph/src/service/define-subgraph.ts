import type {
  Broker,
  ConsumerDefinition,
  DeadLetterNotice,
  EventDefinition,
  EventHandler,
  StreamDefinition,
  Topology,
} from '@shop/messaging';
import type { Lifetime, Logger, Metrics } from '@shop/process';
import type { FastifyInstance } from 'fastify';
import type { AnyDatabase, Database } from '../database/database.ts';
import type { SessionSettings } from '../database/pool-options.ts';
import type { Preloads, Resolvers } from '../graphql/resolvers.ts';
import type { SubgraphRequest } from '../graphql/start-subgraph.ts';
import type { Job } from '../jobs/start-job.ts';
import type { Answer } from '../messages/answer.ts';
import type { DatabaseGauges } from '../telemetry/database-gauges.ts';

/** A subgraph's line in the table of services. */
export interface SubgraphService {
  /** Its name in the supergraph, and the prefix of its environment variables. */
  readonly name: string;
  /** The port unless `<NAME>_PORT` says otherwise. */
  readonly port: number;
  /** The port of its metrics. @param base the value of `METRICS_PORT` */
  readonly findMetricsPort: (base: number) => number;
  /** The stream that keeps the events it publishes. */
  readonly stream: StreamDefinition;
  /** One durable consumer for each service that it follows. */
  readonly consumers: readonly ConsumerDefinition[];
  /** The event that reports a dead letter of the service. */
  readonly deadLettered: EventDefinition<DeadLetterNotice>;
  readonly topology: Topology;
}

/** The transactions of a database. */
export type DatabaseTransaction<Db> = Db extends Database<infer _Client, infer Tx> ? Tx : never;

/** The dependencies of the use-cases of every subgraph. */
export interface BaseDependencies<Db> {
  readonly database: Db;
  readonly logger: Logger;
  /** The database's time, as the process estimates it. Write and compare stored times with it, never with the host's clock. */
  readonly now: () => Date;
}

/** The input from which a subgraph builds its own dependencies. */
export interface SubgraphResources<Db, Config> extends BaseDependencies<Db>, Pick<Lifetime, 'onStop'> {
  /** The subgraph's own configuration, as its `readConfig` returned it. */
  readonly config: Config;
  /** For another pool on the subgraph's database. */
  readonly databaseUrl: string;
  /** For requests to other services. */
  readonly broker: Broker;
  /** For what only this subgraph measures. */
  readonly metrics: Metrics;
}

/** All dependencies of a subgraph. Types are inferred from where they are made, not from here. */
type Dependencies<Db, Own> = BaseDependencies<NoInfer<Db>> & NoInfer<Own>;

/** The parts in which one subgraph differs from another. `runSubgraph` does the rest. */
export interface SubgraphDefinition<Db extends AnyDatabase, Config, Own, Context extends object> {
  readonly service: SubgraphService;
  /** The path of the schema in SDL, relative to the working directory. */
  readonly schema: string;
  readonly resolvers: Resolvers;
  /** Load what the objects of a list need, by their type. Default: none. */
  readonly preloads?: Preloads;
  readonly openDatabase: (databaseUrl: string) => Db;
  /** Settings of its sessions in addition to the common ones. Behind a pooler they are checked. Default: none. */
  readonly databaseSettings?: SessionSettings;
  /** Connections of pools on the same server that the subgraph opens itself. Default: 0. */
  readonly furtherConnections?: number;
  /** Creates the context of a request: a plain object. */
  readonly createContext: (dependencies: Dependencies<Db, Own>, request: SubgraphRequest) => Context;
  /** Reads configuration that only this subgraph has. @throws ConfigError */
  readonly readConfig?: (env: NodeJS.ProcessEnv) => Config;
  /** Builds dependencies that only this subgraph has, and registers with `onStop` how to stop them. */
  readonly createDependencies?: (resources: SubgraphResources<Db, Config>) => Own | Promise<Own>;
  /** The handler of each event that the service follows according to the table. */
  readonly createHandlers?: (dependencies: Dependencies<Db, Own>) => readonly EventHandler<DatabaseTransaction<Db>>[];
  /**
   * Milliseconds for which events are gathered before they are handled together: for a service whose effects nobody waits for. Default: 0.
   */
  readonly gatherEventsMs?: number;
  /** The answer to each request that other services may send to this one according to the table. */
  readonly answers?: readonly Answer<Dependencies<Db, Own>>[];
  /** Work that is due at a time. */
  readonly jobs?: readonly Job<Dependencies<Db, Own>>[];
  /**
   * Counts work that has waited for longer than the given milliseconds, by what it is, such as `pending orders`. The
   * health report names what is overdue, and the log warns of it.
   */
  readonly countOverdue?: (
    dependencies: Dependencies<Db, Own>,
    maxAgeMs: number,
  ) => Promise<Readonly<Record<string, number>>>;
  /** The gauges that only this subgraph reads from its database. Default: nothing. */
  readonly gauges?: readonly DatabaseGauges[];
  /** HTTP routes in addition to GraphQL and health. They are open to everybody: no internal token is required. */
  readonly addRoutes?: (app: FastifyInstance, dependencies: Dependencies<Db, Own>) => void;
}

/** Declares a subgraph. Only checks types: nothing starts before {@link runSubgraph}. */
export function defineSubgraph<Db extends AnyDatabase, Context extends object, Config = object, Own = object>(
  definition: SubgraphDefinition<Db, Config, Own, Context>,
): SubgraphDefinition<Db, Config, Own, Context> {
  return definition;
}
