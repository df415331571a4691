import type { Smtp } from '@shop/mail';
import type { Logger } from '@shop/process';
import type { Database } from '../db/database.ts';
import type { SharedStatements } from '../db/shared-statements.ts';
import type { Lane } from '../domain/notification.ts';
import type { RetryPolicy } from '../domain/retry.ts';
import type { Questions } from '../events/ask.ts';
import type { SmsProvider } from '../sending/sms-provider.ts';

export interface Dependencies {
  readonly database: Database;
  /** Statements for single messages, which concurrent callers share. */
  readonly shared: SharedStatements;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Questions to other services. */
  readonly questions: Questions;
  /** Connections to the mail server: each lane has its own. */
  readonly mail: Readonly<Record<Lane, Pick<Smtp, 'send'>>>;
  readonly sms: SmsProvider;
  readonly retries: RetryPolicy;
  /** The base of links in messages. */
  readonly linkBase: string;
  /** The right side of Message-IDs: the domain of the sender. */
  readonly mailDomain: string;
  /** How messages name the shop, and the time zone of their dates. */
  readonly shop: { readonly shopName: string; readonly timeZone: string };
  /** The number of days after which messages are deleted. */
  readonly retentionDays: number;
  /** The number of units at or below which stock is low; 0 reports nothing. */
  readonly lowStockThreshold: number;
}
