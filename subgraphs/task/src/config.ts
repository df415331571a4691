import { fields, loadConfig } from '@shop/process';
import { z } from 'zod';
import type { ShopTaskSettings } from './use-cases/dependencies.ts';

/** The project of the demo data that takes the shop's tasks. */
export const demoProjectKey = 'OPS';

const NO_PROJECT = 'none';

/** Configuration that only the task subgraph has. Without a project, no tasks arise by themselves. The demo data has one. */
export function readConfig(env: NodeJS.ProcessEnv): ShopTaskSettings {
  const read = loadConfig(
    'task',
    {
      RESTOCK_PROJECT: z
        .string()
        .regex(/^([A-Z0-9]{2,16}|none)$/, 'must be the key of a project, such as OPS, or none')
        .default(env['SEED'] === 'demo' ? demoProjectKey : NO_PROJECT),
      LOW_STOCK_THRESHOLD: fields.integer(5, 0, 1_000_000),
    },
    env,
  );
  const key = read.RESTOCK_PROJECT;
  return { projectKey: key === NO_PROJECT ? null : key, lowStockThreshold: read.LOW_STOCK_THRESHOLD };
}
