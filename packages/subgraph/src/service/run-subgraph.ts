import { readFileSync } from 'node:fs';
import { connectBroker, isTransientDatabaseError, startHousekeeping, startRelay } from '@shop/messaging';
import { createInternalTokenVerifier, createLogger, type Lifetime, runService } from '@shop/process';
import { startDatabaseClock } from '../database/database-clock.ts';
import { requireWritable } from '../database/require-writable.ts';
import { type RawSqlClient, sqlOver } from '../database/sql.ts';
import { startSubgraph } from '../graphql/start-subgraph.ts';
import { startJob } from '../jobs/start-job.ts';
import { answerRequests } from '../messages/answer.ts';
import { requirePublished } from '../messages/require-published.ts';
import { startConsumers } from '../messages/start-consumers.ts';
import { readSubgraphConfig } from './config.ts';
import type { AnyDatabase, SubgraphDefinition } from './define-subgraph.ts';
import { watchOverdueWork } from './overdue-work.ts';

/** Runs a subgraph as this process, until SIGTERM or SIGINT. */
export function runSubgraph<Db extends AnyDatabase, Config, Own, Context extends object>(
  definition: SubgraphDefinition<Db, Config, Own, Context>,
): void {
  runService(definition.service.name, async (lifetime) => void (await wireSubgraph(definition, lifetime)));
}

/**
 * Starts every part of a subgraph, and registers how to stop it. Parts stop in reverse order: the server rejects new
 * requests, then jobs and consumers finish their current work, then the connections close.
 *
 * @returns the base URL
 * @throws ConfigError with every mistake in the environment; TypeError when handlers or answers do not match the table
 * of services
 */
export async function wireSubgraph<Db extends AnyDatabase, Config, Own, Context extends object>(
  definition: SubgraphDefinition<Db, Config, Own, Context>,
  { onStop }: Pick<Lifetime, 'onStop'>,
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const { service, createDependencies, createHandlers, answers = [], jobs = [], addRoutes } = definition;
  const [common, config] = readSubgraphConfig(service, (given) => definition.readConfig?.(given) as Config, env);
  const { databaseUrl } = common;
  const logger = createLogger({ service: service.name, level: common.logLevel });

  const database = definition.openDatabase(databaseUrl);
  onStop('database', () => database.close());
  const sql = sqlOver(database.client);

  const clock = await startDatabaseClock({ sql, logger });
  onStop('database clock', () => clock.stop());

  const broker = await connectBroker({
    url: common.natsUrl,
    service: service.name,
    topology: service.topology,
    logger,
  });
  onStop('broker', () => broker.close());

  const relay = await startRelay({ databaseUrl, broker, stream: service.stream, logger });
  onStop('relay', () => relay.stop());

  const followers = service.topology.consumers.filter(({ stream }) => stream === service.stream.name);
  const housekeeping = startHousekeeping({ sql, logger, followers });
  onStop('housekeeping', () => housekeeping.stop());

  const base = { database, logger, now: clock.now };
  const own = await createDependencies?.({ ...base, config, databaseUrl, broker, onStop });
  const dependencies = { ...base, ...(own as Own) };

  answerRequests(broker, answers, dependencies);

  const consumers = await startConsumers({
    broker,
    consumers: service.consumers,
    handlers: createHandlers?.(dependencies) ?? [],
    transact: database.transact,
    sql: (tx) => sqlOver(tx as RawSqlClient),
    databaseUrl,
    logger,
  });
  onStop('consumers', async () => void (await Promise.all(consumers.map((consumer) => consumer.stop()))));

  const running = jobs.map((job) => startJob(job, dependencies, logger));
  onStop('jobs', async () => void (await Promise.all(running.map((job) => job.stop()))));

  const { countOverdue } = definition;
  const overdue = watchOverdueWork({
    sql: sqlOver(database.client),
    followers,
    count: countOverdue && ((maxAgeMs) => countOverdue(dependencies, maxAgeMs)),
    logger,
  });
  onStop('overdue work', () => overdue.stop());

  const subgraph = await startSubgraph({
    name: service.name,
    host: common.host,
    port: common.port,
    shutdownDelay: common.shutdownDelay,
    logger,
    typeDefs: readFileSync(definition.schema, 'utf8'),
    resolvers: definition.resolvers,
    verifyToken: createInternalTokenVerifier({ jwks: common.internalTokenJwks, audience: service.name }),
    createContext: (request) => definition.createContext(dependencies, request),
    readiness: { database: () => database.ping() },
    behind: overdue.kinds,
    waits: {
      broker: async () => {
        await broker.requireConnected();
        await requirePublished(sql);
      },
      databaseWrites: () => requireWritable(database),
    },
    clocks: { database: clock.readDifference },
    isUnavailable: isTransientDatabaseError,
    exposeReasons: common.exposeReasons,
    routes: (app) => addRoutes?.(app, dependencies),
  });
  onStop('http', () => subgraph.close());
  return subgraph.url;
}
