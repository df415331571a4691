import type { OrderableProduct } from '@shop/contracts';
import type { Database } from '../db/database.ts';

export interface Dependencies {
  readonly database: Database;
  /** Returns whether an account exists and is active. Throws SERVICE_UNAVAILABLE when nobody can tell. */
  readonly isActiveAccount: (userId: string) => Promise<boolean>;
  /** Requests products. Throws when nobody answers. */
  readonly askForProducts: (productIds: readonly string[]) => Promise<readonly OrderableProduct[]>;
  /** How work arises from the shop by itself. */
  readonly shopTasks: ShopTaskSettings;
  readonly now: () => Date;
}

export interface ShopTaskSettings {
  /** The key of the project in which tasks are opened. Null: none are opened. */
  readonly projectKey: string | null;
  /** Units. A product that falls to so many has run low. */
  readonly lowStockThreshold: number;
}

/** A signed-in caller. */
export interface Caller {
  readonly userId: string;
  /** True with the scope `task:read`: staff see every project, and may only read those they are no members of. */
  readonly readsAll: boolean;
}
