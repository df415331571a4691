import { createRequire } from 'node:module';
import type { QueryPlanner } from '@graphql-hive/router-query-planner';
import { ConfigError } from '@shop/process';

const packageName = '@graphql-hive/router-query-planner';

/** The version that the tests run with. Plans of another one may have another form. */
export const hivePlannerVersion = '0.0.38';

/** Also the name of its program beside that of the gateway. */
export const hivePlannerProgram = new URL('./hive-planner-worker.js', import.meta.url);

type HivePlannerClass = typeof QueryPlanner;

/** Loads the planner's class. @throws Error when the package is missing, or has no code for this system */
export function loadHivePlanner(): HivePlannerClass {
  const loaded = createRequire(import.meta.url)(packageName) as { QueryPlanner: HivePlannerClass };
  return loaded.QueryPlanner;
}

/**
 * Requires the package of Hive's planner. It is no dependency of the gateway: it has native code for two systems, and few need it.
 *
 * @param load loads the package. Default: {@link loadHivePlanner}
 * @throws ConfigError that says what to install
 */
export function requireHivePlanner(load: () => unknown = loadHivePlanner): void {
  try {
    load();
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    const reason = isMissing
      ? `is not installed. Run "npm install --no-save ${packageName}@${hivePlannerVersion}"`
      : `cannot be loaded. It has native code for Linux with glibc and for macOS only (${firstLine(error)})`;
    throw new ConfigError('gateway', [
      `QUERY_PLANNER=hive needs the package ${packageName}, which ${reason}, or set QUERY_PLANNER=apollo`,
    ]);
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0] ?? '';
