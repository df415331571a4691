/** The names of all templates: a file for each, each locale and each part is in `templates/`. */
export const templateNames = [
  'welcome',
  'account-invited',
  'password-reset',
  'email-verification',
  'password-changed',
  'email-change-requested',
  'email-changed',
  'account-deleted',
  'order-placed',
  'order-reserved',
  'order-paid',
  'order-failed',
  'order-expired',
  'order-shipped',
  'order-delivered',
  'order-cancelled',
  'order-refunded',
  'task-assigned',
  'stock-low',
  'dead-letter',
] as const;
export type TemplateName = (typeof templateNames)[number];

/** One line of an order. Amounts are in the minor unit of the order's currency. */
export interface OrderLineData {
  readonly name: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface OrderData {
  /** The number that the customer knows. */
  readonly number: string;
  readonly lines: readonly OrderLineData[];
  readonly totalMinor: number;
  /** ISO 4217. */
  readonly currencyCode: string;
  /** Why it was cancelled, in the words of the person who did it. */
  readonly reason?: string | null | undefined;
  /** Until when its stock is held. */
  readonly reservedUntil?: Date | null | undefined;
  readonly trackingNumber?: string | null | undefined;
  /** The amount of the refund that the message is about. */
  readonly refundedMinor?: number | null | undefined;
}

export interface TaskData {
  /** The key that people use, such as OPS-17. */
  readonly key: string;
  readonly title: string;
  readonly dueAt?: Date | null | undefined;
}

export interface ProductData {
  readonly name: string;
  readonly sku: string;
  /** The number that can still be ordered. */
  readonly available: number;
}

export interface DeadLetterData {
  readonly consumer: string;
  readonly eventType: string;
  readonly eventId: string;
  readonly service: string;
}

/** The content of a message. Each template needs some of it (see `requirements`), and leaves the rest out. */
export interface TemplateData {
  /** The recipient's name. Default: none, and the message greets without one. */
  readonly name?: string | null | undefined;
  /** A full URL of HTTP: of the page where the recipient acts, with its token. */
  readonly link?: string | null | undefined;
  readonly linkExpiresAt?: Date | null | undefined;
  readonly order?: OrderData | null | undefined;
  readonly task?: TaskData | null | undefined;
  readonly product?: ProductData | null | undefined;
  readonly deadLetter?: DeadLetterData | null | undefined;
  /** A full URL of HTTP. Default: none, and the message has no line about unsubscribing. */
  readonly unsubscribeUrl?: string | null | undefined;
  /** The name of the shop in heading and signature. Default: Shop. */
  readonly shopName?: string | undefined;
  /** An IANA time zone for the dates of the message. Default: UTC. */
  readonly timeZone?: string | undefined;
}

/** Members of the data without which a template makes no sense. */
export type Requirement =
  | 'link'
  | 'linkExpiresAt'
  | 'order'
  | 'order.reservedUntil'
  | 'order.refundedMinor'
  | 'task'
  | 'product'
  | 'deadLetter';

/** The members that each template needs. */
export const requirements: Readonly<Record<TemplateName, readonly Requirement[]>> = {
  welcome: [],
  'account-invited': ['link', 'linkExpiresAt'],
  'password-reset': ['link', 'linkExpiresAt'],
  'email-verification': ['link', 'linkExpiresAt'],
  'password-changed': [],
  'email-change-requested': [],
  'email-changed': [],
  'account-deleted': [],
  'order-placed': ['order'],
  'order-reserved': ['order', 'order.reservedUntil'],
  'order-paid': ['order'],
  'order-failed': ['order'],
  'order-expired': ['order'],
  'order-shipped': ['order'],
  'order-delivered': ['order'],
  'order-cancelled': ['order'],
  'order-refunded': ['order', 'order.refundedMinor'],
  'task-assigned': ['task'],
  'stock-low': ['product'],
  'dead-letter': ['deadLetter'],
};
