import type { AddCommand } from '../command-line/context.ts';
import { addBackup } from './backup.ts';
import { addCatalogue } from './catalogue.ts';
import { addDeploy } from './deploy.ts';
import { addEvents } from './events.ts';
import { addKeys } from './keys.ts';
import { addLogLevel } from './log-level.ts';
import { addMigrate } from './migrate.ts';
import { addReconcile } from './reconcile.ts';
import { addRestore } from './restore.ts';
import { addSchema } from './schema.ts';
import { addSecrets } from './secrets.ts';
import { addStudio } from './studio.ts';

/** Every command of `npm run shop`, in the order of its help. To add one, write its file here and list it. */
export const commands: readonly AddCommand[] = [
  addCatalogue,
  addEvents,
  addReconcile,
  addBackup,
  addRestore,
  addMigrate,
  addStudio,
  addKeys,
  addSecrets,
  addSchema,
  addLogLevel,
  addDeploy,
];
