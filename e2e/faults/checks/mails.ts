import { setTimeout as pause } from 'node:timers/promises';
import { type Check, type Mails, tell } from './check.ts';

interface Page {
  readonly messages: readonly { readonly id: number; readonly messageId: string | null }[];
}

const EVERY_MS = 1_000;

/** Follows a mailbox, which only keeps the newest mails. */
export function followMailbox(url: string): Mails {
  const counts = new Map<string, number>();
  const stopping = new AbortController();
  let last = 0;

  async function look(): Promise<void> {
    const answer = await fetch(`${url}/api/messages?after=${last}&limit=1000`, { signal: AbortSignal.timeout(10_000) });
    const { messages } = (await answer.json()) as Page;
    for (const { id, messageId } of messages) {
      last = Math.max(last, id);
      counts.set(messageId ?? '', (counts.get(messageId ?? '') ?? 0) + 1);
    }
  }

  let looking = Promise.resolve();
  const next = () => (looking = looking.then(look, look));
  const run = async (): Promise<void> => {
    while (await pause(EVERY_MS, true, { signal: stopping.signal }).catch(() => false)) await next().catch(() => {});
  };
  const running = run();
  return {
    async count() {
      await next();
      return counts;
    },
    stop() {
      stopping.abort();
      return running;
    },
  };
}

interface Row {
  readonly id: string;
  readonly template: string;
  readonly status: string;
  readonly error: string | null;
}

/** A message that was handed over while its process or its connection was killed. It must not be sent again. */
const UNCERTAIN = /may have been sent/;

/** No message waits or has failed, each mail that was sent has arrived, and none has arrived twice. */
export const checkMessages: Check = async ({ databases, mails }) => {
  const rows = await databases.query<Row>(
    'notification',
    `SELECT id::text, template, status::text, last_error AS error FROM notifications WHERE channel = 'EMAIL'`,
  );
  const isUncertain = ({ status, error }: Row) => status === 'FAILED' && UNCERTAIN.test(error ?? '');
  const queued = rows.filter(({ status }) => status === 'QUEUED');
  const failed = rows.filter((row) => row.status === 'FAILED' && !isUncertain(row));
  const problems = [
    ...tell(queued.length, 'messages are not sent', queued),
    ...tell(failed.length, 'messages have failed', failed),
  ];
  if (mails === undefined) return problems;

  const arrived = new Map(
    [...(await mails.count())].map(([messageId, count]) => [messageId.split('@')[0] ?? '', count]),
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const lost = rows.filter(({ id, status }) => status === 'SENT' && !arrived.has(id));
  const repeated = [...arrived].filter(([, count]) => count > 1).map(([id]) => known.get(id) ?? id);
  const unknown = [...arrived.keys()].filter((id) => {
    const row = known.get(id);
    return row === undefined || (row.status !== 'SENT' && !isUncertain(row));
  });
  return [
    ...problems,
    ...tell(lost.length, 'mails were sent, and did not arrive', lost),
    ...tell(repeated.length, 'mails arrived twice', repeated),
    ...tell(unknown.length, 'mails arrived, and are not recorded as sent', unknown),
  ];
};
