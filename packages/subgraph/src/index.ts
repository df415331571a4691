export {
  appendAudit,
  type AuditArguments,
  type AuditConnection,
  type AuditEntry,
  listAudit,
  type NewAuditEntry,
} from './audit/audit-log.ts';
export { type Database, databaseOver, openPool, type PoolState } from './database/database.ts';
export { limitConnections, poolOptions, type SessionSettings } from './database/pool-options.ts';
export { selectColumns } from './database/select-columns.ts';
export { insertRows, rowTable, updateRows } from './database/write-rows.ts';
export { type RawSqlClient, sqlOver } from './database/sql.ts';
export { type Bind, createBinder, escapeLike } from './database/sql-parts.ts';
export {
  bulkTransaction,
  createTransact,
  noteChange,
  isForeignKeyViolation,
  isUniqueViolation,
  retryWhenTaken,
  retryLost,
  readSqlState,
  type Transact,
  type TransactionalClient,
} from './database/transact.ts';
export { isUuid } from './database/uuid.ts';
export type { CompleteFields, CompleteResolvers } from './graphql/complete-resolvers.ts';
export type { Preload, Resolvers } from './graphql/resolvers.ts';
export {
  type RunningSubgraph,
  startSubgraph,
  type SubgraphOptions,
  type SubgraphRequest,
} from './graphql/start-subgraph.ts';
export { invalidInput, userError } from './graphql/user-error.ts';
export { fingerprint } from './idempotency/fingerprint.ts';
export { type InputIssue, issuesFrom } from './input/issues-from.ts';
export { plainLine, plainText, requiredText } from './input/plain-text.ts';
export { type Job, type RunningJob, startJob } from './jobs/start-job.ts';
export { answer, type Answer, type RequestContract } from './messages/answer.ts';
export { buildConnection, type Connection, type Edge, type PageInfo } from './pagination/build-connection.ts';
export {
  type CappedCount,
  countLazily,
  type CountLimit,
  countTogether,
  type ListCounts,
  MAX_COUNTED,
  selectCount,
} from './pagination/count-list.ts';
export { decodeCursor, encodeCursor } from './pagination/cursor.ts';
export { groupByParent, isBeyondCursor, limitRows, pageReader, type Sense, senseOf } from './pagination/keyset.ts';
export { type Page, type PageArguments, parsePage } from './pagination/parse-page.ts';
export {
  defineSubgraph,
  type BaseDependencies,
  type SubgraphDefinition,
  type SubgraphResources,
  type SubgraphService,
} from './service/define-subgraph.ts';
export { type DatabaseGauges } from './telemetry/database-gauges.ts';
export { coalesce, type CoalesceOptions } from './sharing/coalesce.ts';
export { Loader } from './sharing/loader.ts';
export { shareLoads } from './sharing/share-loads.ts';
export { runSeed, type SeedDefinition, type SeedResources } from './service/run-seed.ts';
export { runSubgraph, wireSubgraph } from './service/run-subgraph.ts';
export { uuidv7 } from 'uuidv7';
