export { checkSchema, type SchemaCheck, type SchemaCheckOptions } from './schema-check/check-schema.ts';
export { describeSchemaCheck } from './schema-check/describe.ts';
export { NothingToCompareError } from './schema-check/revision.ts';
export { lintMigrations, type MigrationLint } from './migration-lint/lint-migrations.ts';
export { type OperationFile, type OperationSource, splitOperations } from './graph/operations.ts';
