export { baselineDatabase, type BaselineOptions } from './baseline-database.ts';
export { checkDrift, type CheckDriftOptions } from './check-drift.ts';
export { createMigration, type CreatedMigration, type CreateMigrationOptions } from './create-migration.ts';
export { migrate, type MigrateOptions, MIGRATION_LOCK } from './migrate.ts';
