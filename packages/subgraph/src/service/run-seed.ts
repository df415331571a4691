import { createLogger, runService } from '@shop/process';
import { startDatabaseClock } from '../database/database-clock.ts';
import { sqlOver } from '../database/sql.ts';
import { readSeedConfig } from './config.ts';
import type { AnyDatabase } from '../database/database.ts';
import type { BaseDependencies } from './define-subgraph.ts';

/** The tools and settings of a seed. */
export interface SeedResources<Db, Config> extends BaseDependencies<Db> {
  /** The seed's own configuration, as its `readConfig` returned it. */
  readonly config: Config;
  /** `SEED`: `none` writes nothing that only a demonstration needs. */
  readonly kind: 'demo' | 'none';
  /** Aborted when the process must stop. Return soon, at a point where no work is half done. */
  readonly stopping: AbortSignal;
}

/** Writes the first rows of a subgraph's database. */
export interface SeedDefinition<Db extends AnyDatabase, Config> {
  readonly service: { readonly name: string };
  readonly openDatabase: (databaseUrl: string) => Db;
  /** Reads configuration that only this seed has. @throws ConfigError */
  readonly readConfig?: (env: NodeJS.ProcessEnv) => Config;
  /** Adds only what is missing: a seed runs at each start. */
  readonly seed: (resources: SeedResources<Db, Config>) => Promise<void>;
}

/** Runs a seed as this process, to its end. */
export function runSeed<Db extends AnyDatabase, Config = object>(definition: SeedDefinition<Db, Config>): void {
  const name = `${definition.service.name}-seed`;
  runService(name, async ({ onStop, stopping }) => {
    const [common, config] = readSeedConfig(definition.service, (env) => definition.readConfig?.(env) as Config);
    const logger = createLogger({ service: name, level: common.logLevel });
    const database = definition.openDatabase(common.databaseUrl);
    onStop('database', () => database.close());
    const clock = await startDatabaseClock({ sql: sqlOver(database.client), logger });
    onStop('database clock', () => clock.stop());
    await definition.seed({ database, logger, now: clock.now, config, kind: common.kind, stopping });
    return 'done';
  });
}
