export const topics = ['ACCOUNT', 'ORDERS', 'TASKS', 'OPERATIONS'] as const;
export type Topic = (typeof topics)[number];

export const channels = ['EMAIL', 'SMS'] as const;
export type Channel = (typeof channels)[number];

export type Status = 'QUEUED' | 'SENT' | 'FAILED' | 'SUPPRESSED';

/** A message to one recipient by one channel. */
export interface Notification {
  readonly id: string;
  readonly topic: Topic;
  readonly channel: Channel;
  readonly template: string;
  readonly status: Status;
  readonly subject: string | null;
  readonly attempts: number;
  readonly lastError: string | null;
  /** Null after the account was deleted. */
  readonly recipientId: string | null;
  readonly orderId: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

/** The topic of each template. */
export const topicOf = {
  welcome: 'ACCOUNT',
  'account-invited': 'ACCOUNT',
  'password-reset': 'ACCOUNT',
  'email-verification': 'ACCOUNT',
  'password-changed': 'ACCOUNT',
  'email-change-requested': 'ACCOUNT',
  'email-changed': 'ACCOUNT',
  'account-deleted': 'ACCOUNT',
  'order-placed': 'ORDERS',
  'order-reserved': 'ORDERS',
  'order-paid': 'ORDERS',
  'order-failed': 'ORDERS',
  'order-expired': 'ORDERS',
  'order-shipped': 'ORDERS',
  'order-delivered': 'ORDERS',
  'order-cancelled': 'ORDERS',
  'order-refunded': 'ORDERS',
  'task-assigned': 'TASKS',
  'stock-low': 'OPERATIONS',
  'dead-letter': 'OPERATIONS',
} as const satisfies Readonly<Record<string, Topic>>;

/** The name of a template. */
export type Template = keyof typeof topicOf;

/**
 * The lanes of sending. Each has workers and connections of its own, so that a flood of order mails does not hold up a link by which a
 * password is reset.
 */
export const lanes = ['urgent', 'normal'] as const;
export type Lane = (typeof lanes)[number];
