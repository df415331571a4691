export { createCertificate, type TestCertificate, writeCertificate } from './certificates.ts';
export { eventually } from './eventually.ts';
export {
  graphqlClient,
  type GraphqlAnswer,
  type GraphqlClient,
  type GraphqlError,
  type TypedOperation,
} from './graphql-client.ts';
export { type NatsCluster, type NatsClusterNode, type NatsPlace, startNatsCluster } from './nats-cluster.ts';
export { type ReplicatedPostgres, startReplicatedPostgres } from './postgres-replica.ts';
export { createRandom, type Random } from './random.ts';
export { countRowsRead, recordQueryPlans, type QueryPlans } from './query-plans.ts';
export { canMountSmallDisks, mountSmallDisk, type SmallDisk } from './small-disk.ts';
export { temporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
export { startTestDatabase, type TestDatabase } from './test-database.ts';
export { databaseUrlsOf, startTestStack, type TestStack, type TestStackOptions } from './test-stack.ts';
export { createRowBuilder, expression, type RowBuilder, type Values } from './rows/row-builder.ts';
export { useSharedSystem } from './shared-system.ts';
export type { SharedSystem } from './shared-servers/system.ts';
export { outlineTrace, startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
