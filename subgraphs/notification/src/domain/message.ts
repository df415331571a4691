import type { Template } from './notification.ts';

/** A line of an order, as its event has it. Older events lack SKU and name. */
export interface MessageLine {
  readonly sku?: string | undefined;
  readonly name?: string | undefined;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

/** The part of an order that a message needs. The order is asked for what an older event lacks. */
export interface MessageOrder {
  readonly number?: string | undefined;
  readonly lines?: readonly MessageLine[];
  readonly totalMinor?: number;
  readonly currencyCode?: string;
  readonly reason?: string | null;
  readonly reservedUntil?: string | null | undefined;
  readonly trackingNumber?: string | null | undefined;
  readonly refundedMinor?: number;
}

/** The values of which a message is made when it is sent. They are stored as JSON until then, and have no address, no token and no link. */
export interface MessageContent {
  /** The request by which the link and the address are asked for. */
  readonly requestId?: string;
  /** The change by which the former address is asked for. */
  readonly changeId?: string;
  /** The time of the event, for a message to the address that the account had then. */
  readonly at?: string;
  /** For a recipient whose preferences are gone. */
  readonly locale?: string;
  readonly order?: MessageOrder;
  readonly task?: { readonly key: string; readonly title: string; readonly dueAt: string | null };
  readonly product?: { readonly productId: string; readonly available: number };
  readonly deadLetter?: {
    readonly consumer: string;
    readonly eventType: string;
    readonly eventId: string;
    readonly service: string;
  };
}

/** A message that an event causes. */
export interface PlannedMessage {
  readonly template: Template;
  /** Null when the event does not name the customer of the order. */
  readonly recipientId: string | null;
  /** The aggregate and its sequence, or the id of the request or change. Never the id of an event: it may be published again. */
  readonly about: readonly (string | number)[];
  readonly orderId?: string;
  /** The place among the messages about the order. Without it, the message follows those that are there. */
  readonly position?: number;
  readonly content: MessageContent;
  /**
   * True for a notice about the account's security. It goes to the address that the account had at the time of the event: whoever has
   * taken the account over may have changed the address before the notice is sent.
   */
  readonly toAddressOfEvent?: true;
}

/** A message to every member of the staff that an event causes. */
export type PlannedAnnouncement = Pick<PlannedMessage, 'template' | 'about' | 'content'>;

/** The templates with a link that grants access. They are only sent by e-mail. */
const withLink: ReadonlySet<string> = new Set<Template>([
  'welcome',
  'account-invited',
  'password-reset',
  'email-verification',
]);

export const hasLink = (template: string): boolean => withLink.has(template);
