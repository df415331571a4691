import { createHash } from 'node:crypto';
import {
  deadLettered,
  emailChangeRequested,
  emailVerificationRequested,
  type EventContract,
  orderCancelled,
  type OrderChange,
  orderCreated,
  orderUpdated,
  passwordResetRequested,
  paymentRefunded,
  taskAssigned,
  userCreated,
  userDeleted,
  userUpdated,
} from '@shop/contracts';
import type { Difference } from '../difference.ts';
import { readInOrder } from '../side-by-side.ts';
import type { Snapshot } from '../snapshot.ts';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** The template of a message, and the key by which it is unique. */
interface Expected {
  readonly template: string;
  readonly key: string;
}

const hashParts = (parts: readonly (string | number)[]) => createHash('sha256').update(parts.join('|')).digest('hex');

/** A mail to a user about an aggregate and its sequence, or about a request or change. */
const mail = (template: string, userId: string, ...about: readonly (string | number)[]): Expected => ({
  template,
  key: hashParts([template, userId, 'EMAIL', ...about]),
});

const requested =
  (template: string) =>
  ({ userId, requestId }: { userId: string; requestId: string }): Expected[] => [
    mail(template, userId, userId, requestId),
  ];

/** The part of a template's name after `order-`. */
const orderSteps: Readonly<Partial<Record<OrderChange['status'], string>>> = {
  PENDING: 'placed',
  RESERVED: 'reserved',
  PAID: 'paid',
  SHIPPED: 'shipped',
  DELIVERED: 'delivered',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
};

function expectOrderMail({ orderId, customerId, status, sequence }: OrderChange): Expected[] {
  const step = orderSteps[status];
  return customerId === null || step === undefined ? [] : [mail(`order-${step}`, customerId, orderId, sequence)];
}

interface Rule {
  readonly type: string;
  /** Returns null for data that is not the event's. */
  readonly expect: (data: unknown) => readonly Expected[] | null;
}

function rule<Data>({ type, schema }: EventContract<Data>, expect: (data: Data) => readonly Expected[]): Rule {
  return {
    type,
    expect: (data) => {
      const parsed = schema.safeParse(data);
      return parsed.success ? expect(parsed.data) : null;
    },
  };
}

// Written down a second time, and not taken from the service: a rule that is lost there is found here.
const rules: readonly Rule[] = [
  rule(userCreated, ({ userId, requestId, invited }) =>
    requestId === undefined ? [] : [mail(invited === true ? 'account-invited' : 'welcome', userId, userId, requestId)],
  ),
  rule(passwordResetRequested, requested('password-reset')),
  rule(emailVerificationRequested, requested('email-verification')),
  rule(emailChangeRequested, requested('email-change-requested')),
  rule(userUpdated, ({ userId, changed, changeId }) =>
    changeId === undefined
      ? []
      : changed.flatMap((field) =>
          field === 'email' || field === 'password' ? [mail(`${field}-changed`, userId, userId, changeId)] : [],
        ),
  ),
  rule(userDeleted, ({ userId, changeId }) =>
    changeId === undefined ? [] : [mail('account-deleted', userId, userId, changeId)],
  ),
  rule(orderCreated, expectOrderMail),
  rule(orderUpdated, expectOrderMail),
  rule(orderCancelled, expectOrderMail),
  rule(paymentRefunded, ({ orderId, customerId, refundId }) =>
    customerId === null ? [] : [mail('order-refunded', customerId ?? '', orderId, refundId)],
  ),
  rule(taskAssigned, ({ taskId, assigneeId, actorId, sequence }) =>
    assigneeId === actorId ? [] : [mail('task-assigned', assigneeId, taskId, sequence)],
  ),
];
const byType = new Map(rules.map((each) => [each.type, each]));
const DEAD_LETTERED = /^shop\.ops\..+_dead_lettered\.v1$/;

function expectMessages({ type, data }: Event): readonly Expected[] {
  if (!DEAD_LETTERED.test(type)) return byType.get(type)?.expect(data) ?? [];
  const letter = deadLettered.safeParse(data);
  if (!letter.success) return [];
  const { consumer, eventId } = letter.data;
  return [{ template: 'dead-letter', key: hashParts(['dead-letter', consumer, eventId]) }];
}

// `ORDER BY id` would mean the text of the id, by which no index is sorted.
const eventsSince = (activatedAt: Date) => `
  SELECT id::text, type, payload->'data' AS data FROM outbox
   WHERE ($1::uuid[] IS NULL OR id = ANY ($1)) AND published_at IS NOT NULL
     AND (payload->>'time')::timestamptz >= '${activatedAt.toISOString()}'
     AND (type = ANY ('{${[...byType.keys()].join(',')}}') OR type LIKE 'shop.ops.%_dead\\_lettered.v1')
   ORDER BY outbox.id`;

const PAGE = 1_000;

/**
 * Compares the events of a publisher with the messages that they must have caused, by the keys of the messages.
 *
 * @returns the differences by the event's id. Events that are not published, and those from before the activation, are not compared.
 */
export async function compareMessages(
  publisher: Snapshot,
  notification: Snapshot,
  only: readonly string[] | null,
): Promise<Map<string, Difference>> {
  const [activation] = await notification.query<{ at: Date }>('SELECT activated_at AS at FROM activation');
  const differences = new Map<string, Difference>();
  let page: Event[] = [];
  const compare = async () => {
    for (const [id, difference] of await findMissing(page, notification)) differences.set(id, difference);
    page = [];
  };
  for await (const event of readInOrder<Event>(publisher, eventsSince(activation?.at ?? new Date()), only)) {
    page.push(event);
    if (page.length === PAGE) await compare();
  }
  await compare();
  return differences;
}

async function findMissing(events: readonly Event[], notification: Snapshot): Promise<[string, Difference][]> {
  const expected = events.flatMap((event) => expectMessages(event).map((message) => ({ event, ...message })));
  if (expected.length === 0) return [];
  const found = await notification.query<{ key: string }>(
    'SELECT key FROM notifications WHERE key = ANY ($1) UNION ALL SELECT key FROM announcements WHERE key = ANY ($1)',
    [expected.map(({ key }) => key)],
  );
  const keys = new Set(found.map(({ key }) => key));
  return expected
    .filter(({ key }) => !keys.has(key))
    .map(({ event: { id, type }, template }) => [
      id,
      { check: 'notifications', subject: `event ${id}`, message: `${type} has no message ${template}` },
    ]);
}

/** A change of an order has one message by each channel. A refund has no place in the order's history, and is left out. */
export async function checkRepeatedMessages(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<{ orderId: string; template: string; count: number }>(`
    SELECT order_id::text AS "orderId", template, count(*)::int AS count FROM notifications
     WHERE order_id IS NOT NULL AND template <> 'order-refunded'
     GROUP BY order_id, template, position, channel HAVING count(*) > 1 ORDER BY order_id, template`);
  return rows.map(({ orderId, template, count }) => ({
    check: 'notifications',
    subject: `order ${orderId}`,
    message: `it has ${count} messages ${template} about one change`,
  }));
}

/** A message that is due is sent within moments, unless the mail server or another service is away. */
export async function checkQueuedMessages(snapshot: Snapshot, maxAgeMs: number): Promise<Difference[]> {
  const [row] = await snapshot.query<{ count: number; seconds: number | null }>(
    `SELECT count(*)::int AS count, extract(epoch FROM clock_timestamp() - min(created_at))::int AS seconds
       FROM notifications WHERE status = 'QUEUED' AND due_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [maxAgeMs],
  );
  if (row === undefined || row.count === 0) return [];
  return [
    {
      check: 'notifications',
      subject: 'notification',
      message: `${row.count} messages are due and not sent, the oldest since ${row.seconds} s`,
    },
  ];
}
