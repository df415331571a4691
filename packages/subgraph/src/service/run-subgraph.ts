import { readFileSync } from 'node:fs';
import {
  connectBroker,
  countRelayConnections,
  isPooled,
  isTransientDatabaseError,
  newEvent,
  startHousekeeping,
  startRelay,
} from '@shop/messaging';
import {
  createInternalTokenVerifier,
  createLogger,
  type Lifetime,
  type Logger,
  measureSpans,
  Metrics,
  runService,
  startMetricsServer,
  startTracing,
} from '@shop/process';
import { nameListener, watchConnections } from '../database/count-connections.ts';
import { startDatabaseClock } from '../database/database-clock.ts';
import { readPoolSize } from '../database/pool-options.ts';
import { openReplicatedReads } from '../database/read-replicas.ts';
import { requireSettings } from '../database/require-settings.ts';
import { requireWritable } from '../database/require-writable.ts';
import { planEachTime, type RawSqlClient, sqlOver } from '../database/sql.ts';
import { startSubgraph } from '../graphql/start-subgraph.ts';
import { Activity } from '../jobs/activity.ts';
import { startJob } from '../jobs/start-job.ts';
import { answerRequests } from '../messages/answer.ts';
import { requirePublished } from '../messages/require-published.ts';
import { startConsumers } from '../messages/start-consumers.ts';
import { addDatabaseGauges, addPoolGauges } from '../telemetry/database-gauges.ts';
import { observeJobs } from '../telemetry/job-metrics.ts';
import { createMessageGauges } from '../telemetry/message-gauges.ts';
import { addBrokerGauges, observeMessaging } from '../telemetry/messaging-metrics.ts';
import { readSubgraphConfig } from './config.ts';
import type { AnyDatabase } from '../database/database.ts';
import type { SubgraphDefinition } from './define-subgraph.ts';
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
  const { databaseUrl, directUrl } = common;
  const logger = createLogger({ service: service.name, level: common.logLevel });

  // Stopped last, so that it exports the spans of everything else.
  const tracing = await startTracing({
    service: service.name,
    config: common.tracing,
    honoursRemoteParents: true,
    hasActiveContext: true,
    logger,
  });
  onStop('tracing', () => tracing.stop());

  const metrics = new Metrics();
  measureSpans(tracing, metrics);
  const { host } = common;
  const port = service.findMetricsPort(common.metricsPort);
  const metricsServer = await startMetricsServer({ metrics, host, port, logger });
  onStop('metrics', () => metricsServer.close());
  logger.debug({ url: `${metricsServer.url}/metrics` }, 'metrics are served');

  const database = definition.openDatabase(databaseUrl);
  onStop('database', () => database.close());
  const limit = (opened: Db): Db => opened.limitStatements(common.statementTimeoutMs);
  const openLimited = (url: string): Db => limit(definition.openDatabase(url));
  const forRequests = openReplicas(openLimited, limit(database), { readUrls: common.readUrls, logger, onStop });
  const sql = sqlOver(database.client);

  const clock = await startDatabaseClock({ sql, logger });
  onStop('database clock', () => clock.stop());

  const broker = await connectBroker({
    url: common.natsUrl,
    service: service.name,
    topology: service.topology,
    replicas: common.natsReplicas,
    logger,
  });
  onStop('broker', () => broker.close());

  const observer = observeMessaging(metrics);
  const followers = service.topology.consumers.filter(({ stream }) => stream === service.stream.name);
  const listenName = nameListener(service.name, countConnections(definition, databaseUrl, followers.length));
  const relay = await startRelay({
    databaseUrl,
    listenUrl: directUrl,
    listenName,
    broker,
    stream: service.stream,
    observer,
    logger,
  });
  onStop('relay', () => relay.stop());

  const connections = watchConnections(sql, logger);
  onStop('connections', () => connections.stop());

  const housekeeping = startHousekeeping({ sql, logger, followers });
  onStop('housekeeping', () => housekeeping.stop());

  const base = { database, logger, now: clock.now };
  const own = await createDependencies?.({ ...base, config, databaseUrl, broker, metrics, onStop });
  const dependencies = { ...base, ...(own as Own) };
  const dependenciesOfRequests = { ...dependencies, database: forRequests };

  answerRequests(broker, answers, dependencies);

  const activity = new Activity();
  const consumers = await startConsumers({
    broker,
    consumers: service.consumers,
    handlers: createHandlers?.(dependencies) ?? [],
    gatherMs: definition.gatherEventsMs ?? 0,
    transact: database.transact,
    sql: (tx) => sqlOver(tx as RawSqlClient),
    databaseUrl: directUrl,
    reportDeadLetter: (notice) => newEvent(service.deadLettered, { aggregateId: notice.eventId, data: notice }),
    observer: {
      ...observer,
      settled: (message) => {
        activity.note();
        observer.settled(message);
      },
    },
    logger,
  });
  onStop('consumers', async () => void (await Promise.all(consumers.map((consumer) => consumer.stop()))));

  const surroundings = { logger, activity, observer: observeJobs(metrics) };
  const running = jobs.map((job) => startJob(job, dependencies, surroundings));
  onStop('jobs', async () => void (await Promise.all(running.map((job) => job.stop()))));

  addPoolGauges(metrics, database);
  addBrokerGauges(metrics, broker, consumers);
  const ownGauges = definition.gauges ?? [];
  for (const gauges of [createMessageGauges({ followers, consumers: service.consumers }), ...ownGauges])
    addDatabaseGauges(metrics, database, gauges);

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
    host,
    port: common.port,
    socketPath: common.socketPath,
    shutdownDelay: common.shutdownDelay,
    logger,
    metrics,
    typeDefs: readFileSync(definition.schema, 'utf8'),
    resolvers: definition.resolvers,
    preloads: definition.preloads,
    verifyToken: createInternalTokenVerifier({ jwks: common.internalTokenJwks, audience: service.name }),
    createContext: (request) => {
      activity.note();
      return definition.createContext(dependenciesOfRequests, request);
    },
    readiness: { database: () => database.ping() },
    overdue: overdue.counts,
    waits: {
      broker: async () => {
        await broker.requireConnected();
        await requirePublished(sql);
      },
      brokerReplicas: () => relay.requireReplicated(),
      databaseSettings: () => requireSettings(sql, databaseUrl, definition.databaseSettings),
      databaseWrites: () => requireWritable(database),
    },
    clocks: { database: clock.readDifference },
    isUnavailable: isTransientDatabaseError,
    exposeReasons: common.exposeReasons,
    maxAnswerBytes: common.maxAnswerBytes,
    traces: tracing.isOn ? { slowResolverMs: common.slowResolverMs } : undefined,
    routes: (app) => addRoutes?.(app, dependencies),
  });
  onStop('http', () => subgraph.close());
  return subgraph.url;
}

/** Lets replicas be read from, if there are some. */
function openReplicas<Db extends AnyDatabase>(
  openDatabase: (databaseUrl: string) => Db,
  primary: Db,
  { readUrls, logger, onStop }: { readUrls: readonly string[]; logger: Logger } & Pick<Lifetime, 'onStop'>,
): Db {
  if (readUrls.length === 0) return primary;
  const replicas = readUrls.map((url) => ({ name: new URL(url).host, database: openDatabase(url) }));
  onStop('read replicas', async () => void (await Promise.all(replicas.map(({ database }) => database.close()))));
  const reads = openReplicatedReads({
    primary: sqlOver(primary.client),
    replicas: replicas.map(({ name, database }) => ({ name, sql: sqlOver(database.client) })),
    logger,
  });
  onStop('reads from replicas', () => reads.stop());
  return { ...primary, reads, lists: planEachTime(reads) };
}

/** The connections to the database server that this process may open. Those of a pooler are not its own. */
function countConnections(
  {
    service,
    furtherConnections = 0,
  }: Pick<SubgraphDefinition<AnyDatabase, unknown, unknown, object>, 'service' | 'furtherConnections'>,
  databaseUrl: string,
  followers: number,
): number {
  const listening = 1 + service.consumers.length;
  if (isPooled(databaseUrl)) return listening;
  return listening + readPoolSize(databaseUrl) + countRelayConnections(followers) + furtherConnections;
}
