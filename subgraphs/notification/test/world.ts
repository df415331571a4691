import { randomBytes } from 'node:crypto';
import type { EventContract, OrderChange } from '@shop/contracts';
import { openSmtp } from '@shop/mail';
import { newEvent, RequestFailed } from '@shop/messaging';
import { uuidv7 } from '@shop/subgraph';
import { startTestDatabase } from '@shop/testing';
import type { ParsedMail } from 'mailparser';
import { openDatabase, type Transaction } from '../src/db/database.ts';
import { shareStatements } from '../src/db/shared-statements.ts';
import { lanes } from '../src/domain/notification.ts';
import type { OrderAnswer, RecipientQuestion } from '../src/events/ask.ts';
import { createHandlers } from '../src/events/consume.ts';
import type { TextMessage } from '../src/sending/sms-provider.ts';
import type { Dependencies } from '../src/use-cases/dependencies.ts';
import { handOutAnnouncements } from '../src/use-cases/hand-out-announcements.ts';
import { sendDueMessages } from '../src/use-cases/send-due-messages.ts';
import { startMailServer } from './mail-server.ts';

interface Account {
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
}

/** A database, a mail server, and other services that know the accounts and orders of the test. */
export async function startWorld() {
  const server = await startTestDatabase('notification');
  const database = openDatabase(server.url);
  const mailServer = await startMailServer();
  const url = `smtp://127.0.0.1:${mailServer.port}`;
  const transports = {
    urgent: openSmtp({ url, from: 'Shop <shop@shop.example>' }),
    normal: openSmtp({ url, from: 'Shop <shop@shop.example>' }),
  };
  const accounts = new Map<string, Account>();
  /** Accounts as they were, by the change. */
  const former = new Map<string, Account>();
  const orders = new Map<string, OrderAnswer>();
  const staff: string[] = [];
  const tokens: string[] = [];
  const asked: RecipientQuestion[] = [];
  const texts: TextMessage[] = [];
  const logged: unknown[] = [];
  const log = (...parts: unknown[]) => void logged.push(parts);
  const logger = { debug: log, info: log, warn: log, error: log } as unknown as Dependencies['logger'];
  const away = new Set<'user' | 'order'>();
  const requireThere = (service: 'user' | 'order') => {
    if (away.has(service)) throw new RequestFailed(service, 'no-responders');
  };

  const dependencies: Dependencies = {
    database,
    shared: shareStatements(database.client),
    logger,
    // Messages of orders wait for a moment. That they are written in the past keeps the tests fast.
    now: () => new Date(Date.now() - 10_000),
    retries: { firstMs: 1, maxMs: 1, attempts: 3 },
    linkBase: 'https://shop.example',
    mailDomain: 'shop.example',
    shop: { shopName: 'Shop', timeZone: 'UTC' },
    retentionDays: 90,
    lowStockThreshold: 4,
    mail: transports,
    sms: { send: (text) => Promise.resolve(void texts.push(text)) },
    questions: {
      async findRecipient(question) {
        requireThere('user');
        asked.push(question);
        const recipient = former.get(question.changeId ?? '') ?? accounts.get(question.userId) ?? null;
        if (question.requestId === undefined || recipient === null) return { recipient, link: null };
        const token = randomBytes(16).toString('base64url');
        tokens.push(token);
        const expiresAt = new Date(Date.now() + 1_800_000).toISOString();
        return { recipient, link: { kind: 'RESET_PASSWORD', token, expiresAt } };
      },
      async findStaff() {
        requireThere('user');
        return staff;
      },
      async findOrder(orderId) {
        requireThere('order');
        return orders.get(orderId) ?? null;
      },
      findProduct: async () => ({ name: 'Teapot', sku: 'TP-1' }),
    },
  };

  /** Delivers an event, as a consumer does. */
  async function deliver<Data>(
    contract: EventContract<Data>,
    data: Data,
    { time = new Date(), now = dependencies.now, ...rest }: { time?: Date } & Partial<Dependencies> = {},
  ): Promise<void> {
    const handler = createHandlers({ ...dependencies, now, ...rest }).find(({ type }) => type === contract.type);
    if (handler === undefined) throw new Error(`There is no handler of ${contract.type}.`);
    const event = newEvent(contract, { aggregateId: 'aggregate', data, time });
    if (!handler.isRelevant(event.data)) return;
    await database.transact((tx: Transaction) => handler.handle([{ ...event, data: event.data as never }], tx));
  }

  /** Sends what is due, as the jobs do, until nothing is left that can be sent now. */
  async function send(rest: Partial<Dependencies> = {}): Promise<void> {
    const given = { ...dependencies, ...rest };
    while (await handOutAnnouncements(given));
    for (let left = 1; left > 0;) {
      for (const lane of lanes) while (await sendDueMessages(given, lane));
      // Messages of an order go one after the other.
      left = away.size > 0 ? 0 : await countDue();
    }
  }

  const countDue = () =>
    database.client.notification.count({ where: { status: 'QUEUED', claimId: null, dueAt: { lte: new Date() } } });

  const world = {
    database,
    dependencies,
    mailServer,
    accounts,
    former,
    orders,
    staff,
    tokens,
    asked,
    texts,
    logged,
    away,
    deliver,
    send,
    openAccount(fields: Partial<Account> = {}) {
      const id = uuidv7();
      accounts.set(id, { email: `${id}@example.com`, name: 'Ada', phone: null, ...fields });
      return { id, email: accounts.get(id)?.email ?? '' };
    },
    rows: (recipientId: string) =>
      database.client.notification.findMany({ where: { recipientId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    mailsTo: (email: string): ParsedMail[] => mailServer.received.filter((mail) => addressOf(mail) === email),
    async stop() {
      await Promise.all([transports.urgent.close(), transports.normal.close()]);
      await mailServer.close();
      await database.close();
      await server.stop();
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export const addressOf = ({ to }: ParsedMail): string =>
  (Array.isArray(to) ? to : [to]).map((address) => address?.value[0]?.address).join();

/** The data of an order's event. */
export function orderChange(customerId: string | null, fields: Partial<OrderChange> = {}): OrderChange {
  const orderId = fields.orderId ?? uuidv7();
  return {
    orderId,
    number: 'A-1001',
    customerId,
    statusBefore: null,
    status: 'PENDING',
    lines: [{ productId: uuidv7(), sku: 'TP-1', name: 'Teapot', quantity: 2, unitPriceMinor: 1_999 }],
    totalMinor: 3_998,
    currencyCode: 'EUR',
    reason: null,
    reservedUntil: null,
    trackingNumber: null,
    sequence: 1,
    ...fields,
  };
}
