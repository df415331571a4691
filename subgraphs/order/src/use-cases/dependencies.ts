import type { OrderableProduct } from '@shop/contracts';
import type { Database } from '../db/database.ts';
import type { EmailState } from '../domain/email-state.ts';
import type { OrderLimits } from '../domain/order-limits.ts';
import type { PaymentProvider } from '../payments/provider.ts';

export interface Dependencies {
  readonly database: Database;
  /** Requests products that the copy of the catalogue lacks. */
  readonly askForProducts: (productIds: readonly string[]) => Promise<OrderableProduct[]>;
  /** Asks whether a customer's e-mail is verified. Absent where orders of other accounts are accepted too. */
  readonly askForEmail?: (customerId: string) => Promise<EmailState>;
  readonly payments: PaymentProvider;
  /** Limits of each customer. */
  readonly orderLimits: OrderLimits;
  readonly now: () => Date;
}
