import type { Database } from '../db/database.ts';

export interface Dependencies {
  readonly database: Database;
  readonly now: () => Date;
}
