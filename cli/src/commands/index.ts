import type { AddCommand } from '../command-line/context.ts';
import { addCatalogue } from './catalogue.ts';
import { addEvents } from './events.ts';
import { addKeys } from './keys.ts';
import { addMigrate } from './migrate.ts';
import { addReconcile } from './reconcile.ts';
import { addSchema } from './schema.ts';
import { addSecrets } from './secrets.ts';

/** Every command of `npm run shop`, in the order of its help. To add one, write its file here and list it. */
export const commands: readonly AddCommand[] = [
  addCatalogue,
  addEvents,
  addReconcile,
  addMigrate,
  addKeys,
  addSecrets,
  addSchema,
];
