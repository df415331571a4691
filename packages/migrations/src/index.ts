export { checkDrift, type CheckDriftOptions } from './check-drift.ts';
export { migrate, type MigrateOptions, MIGRATION_LOCK } from './migrate.ts';
