import type { OrderableProduct } from '@shop/contracts';
import type { Database } from '../db/database.ts';
import type { PaymentProvider } from '../payments/provider.ts';

export interface Dependencies {
  readonly database: Database;
  /** Requests products that the copy of the catalogue lacks. */
  readonly askForProducts: (productIds: readonly string[]) => Promise<OrderableProduct[]>;
  readonly payments: PaymentProvider;
  readonly now: () => Date;
}
