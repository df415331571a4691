import {
  deadLetteredBy,
  emailChangeRequested,
  emailVerificationRequested,
  orderCancelled,
  orderCreated,
  orderUpdated,
  passwordResetRequested,
  paymentRefunded,
  serviceNames,
  services,
  taskAssigned,
  userCreated,
  userDeleted,
  userUpdated,
  type EventContract,
  type OrderChange,
  type ServiceDefinition,
} from '@shop/contracts';
import type { PlannedAnnouncement, PlannedMessage } from '../domain/message.ts';
import type { Template } from '../domain/notification.ts';

/** Which messages an event causes. The answer depends on its data alone, so that a repeated event causes the same. */
interface Rule<Data, Planned> {
  readonly event: EventContract<Data>;
  readonly plan: (data: Data) => readonly Planned[];
}

const rule = <Data, Planned>(
  event: EventContract<Data>,
  plan: (data: Data) => readonly Planned[],
): Rule<Data, Planned> => ({ event, plan });

/** The message that tells of a new status. An order that is being packed has none. */
const orderTemplates: Readonly<Record<OrderChange['status'], Template | null>> = {
  PENDING: 'order-placed',
  RESERVED: 'order-reserved',
  PAID: 'order-paid',
  PROCESSING: null,
  SHIPPED: 'order-shipped',
  DELIVERED: 'order-delivered',
  FAILED: 'order-failed',
  CANCELLED: 'order-cancelled',
  EXPIRED: 'order-expired',
};

function planOrderMessage(order: OrderChange): PlannedMessage[] {
  const template = orderTemplates[order.status];
  if (template === null || order.customerId === null) return [];
  const { number, lines, totalMinor, currencyCode, reason, reservedUntil, trackingNumber } = order;
  return [
    {
      template,
      recipientId: order.customerId,
      about: [order.orderId, order.sequence],
      orderId: order.orderId,
      position: order.sequence,
      content: {
        order: {
          number,
          lines: lines.map(({ sku, name, quantity, unitPriceMinor }) => ({ sku, name, quantity, unitPriceMinor })),
          totalMinor,
          currencyCode,
          reason,
          reservedUntil,
          trackingNumber,
        },
      },
    },
  ];
}

/** The messages that the events of accounts cause. Each is about a request or a change, whose id the event has. */
const accountRules = [
  // Accounts of a seed have no request: nobody waits for a welcome.
  rule(userCreated, ({ userId, requestId, invited }) =>
    requestId === undefined
      ? []
      : [
          {
            template: invited === true ? 'account-invited' : 'welcome',
            recipientId: userId,
            about: [userId, requestId],
            content: { requestId },
          },
        ],
  ),
  rule(passwordResetRequested, ({ userId, requestId }) => [
    { template: 'password-reset', recipientId: userId, about: [userId, requestId], content: { requestId } },
  ]),
  rule(emailVerificationRequested, ({ userId, requestId }) => [
    { template: 'email-verification', recipientId: userId, about: [userId, requestId], content: { requestId } },
  ]),
  // It does not go to the address that is asked for.
  rule(emailChangeRequested, ({ userId, requestId }) => [
    {
      template: 'email-change-requested',
      recipientId: userId,
      about: [userId, requestId],
      content: {},
      toAddressOfEvent: true,
    },
  ]),
  rule(userUpdated, ({ userId, changed, changeId }) => {
    if (changeId === undefined) return [];
    const about = [userId, changeId];
    const planned: PlannedMessage[] = [];
    if (changed.includes('password'))
      planned.push({
        template: 'password-changed',
        recipientId: userId,
        about,
        content: {},
        toAddressOfEvent: true,
      });
    // It goes to the former address: its owner must learn of a change that somebody else made.
    if (changed.includes('email'))
      planned.push({ template: 'email-changed', recipientId: userId, about, content: { changeId } });
    return planned;
  }),
];

/** The last message of an account. `eraseRecipient` sends it, since it erases the others. */
export const deletionRule = rule(userDeleted, ({ userId, changeId }): readonly PlannedMessage[] =>
  changeId === undefined
    ? []
    : [{ template: 'account-deleted', recipientId: userId, about: [userId, changeId], content: { changeId } }],
);

const orderRules = [
  rule(orderCreated, planOrderMessage),
  rule(orderUpdated, planOrderMessage),
  rule(orderCancelled, planOrderMessage),
  // Events of older releases do not name the customer: the order is asked when the message is sent.
  rule(paymentRefunded, ({ orderId, customerId, orderNumber, refundId, amountMinor, reason }) =>
    customerId === null
      ? []
      : [
          {
            template: 'order-refunded',
            recipientId: customerId ?? null,
            about: [orderId, refundId],
            orderId,
            content: { order: { number: orderNumber, refundedMinor: amountMinor, reason } },
          },
        ],
  ),
];

const taskRules = [
  // Nobody needs a mail about the task that they gave to themselves.
  rule(taskAssigned, ({ taskId, key, title, assigneeId, dueAt, actorId, sequence }) =>
    assigneeId === actorId
      ? []
      : [
          {
            template: 'task-assigned',
            recipientId: assigneeId,
            about: [taskId, sequence],
            content: { task: { key, title, dueAt } },
          },
        ],
  ),
];

type MessageRule = Rule<unknown, PlannedMessage>;

/** The table from events to messages. */
export const messageRules = [...accountRules, ...orderRules, ...taskRules] as readonly MessageRule[];

const { follows }: ServiceDefinition = services.notification;

/** The table from events to messages to the staff. `followStock` adds those about stock, which need the stock before. */
export const announcementRules = serviceNames
  .filter((service) => follows[service]?.some(({ type }) => type === deadLetteredBy(service).type))
  .map((service) =>
    rule(deadLetteredBy(service), ({ consumer, eventType, eventId }): readonly PlannedAnnouncement[] => [
      {
        template: 'dead-letter',
        about: [consumer, eventId],
        content: { deadLetter: { consumer, eventType, eventId, service } },
      },
    ]),
  );
