export { eventually } from './eventually.ts';
export {
  graphqlClient,
  type GraphqlAnswer,
  type GraphqlClient,
  type GraphqlError,
  type TypedOperation,
} from './graphql-client.ts';
export { createRandom, type Random } from './random.ts';
export { recordQueryPlans, type QueryPlans } from './query-plans.ts';
export { canMountSmallDisks, mountSmallDisk, type SmallDisk } from './small-disk.ts';
export { temporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
export { startTestDatabase, type TestDatabase } from './test-database.ts';
export { databaseUrlsOf, startTestStack, type TestStack } from './test-stack.ts';
export { createRowBuilder, expression, type RowBuilder, type Values } from './rows/row-builder.ts';
