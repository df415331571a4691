import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A replacement in a file of the built system that removes a safeguard. */
interface Cut {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A defect: the change that causes it, and the report that the checks must give. */
interface Plant {
  readonly cuts: readonly Cut[];
  readonly finds: RegExp;
}

const PRODUCT = 'dist/product.cjs';
const NOTIFICATION = 'dist/notification.cjs';
const MESSAGES = 'prisma/notification/migrations/20261127191701_initial/migration.sql';
const TABLES = 'prisma/product/migrations/20261120000100_initial/migration.sql';

/** An inbox that treats every message as new. */
const forgetfulInbox = (file: string): Cut => ({
  file,
  from: 'FROM received ON CONFLICT DO NOTHING RETURNING message_id',
  to: 'FROM received ON CONFLICT (consumer, message_id) DO UPDATE SET received_at = inbox.received_at RETURNING message_id',
});

const plants = {
  // Several safeguards keep a message from having its effect twice. All of them must be removed.
  'no-dedup': {
    cuts: [
      forgetfulInbox(PRODUCT),
      forgetfulInbox('dist/order.cjs'),
      {
        file: PRODUCT,
        from: 'ON CONFLICT (order_id) DO NOTHING RETURNING order_id',
        to: `ON CONFLICT (order_id) DO UPDATE SET status = 'RESERVED' RETURNING order_id`,
      },
      {
        file: PRODUCT,
        from: `reserved_delta FROM movement WHERE type = 'RESERVED'`,
        to: `reserved_delta FROM movement WHERE type = 'RESERVED' ON CONFLICT DO NOTHING`,
      },
    ],
    finds: /a product was reserved twice for one order/,
  },
  // Tables and the event's contract also reject it.
  'no-stock-condition': {
    cuts: [
      { file: PRODUCT, from: 'countAvailable(stock) < ', to: 'countAvailable(stock) < -Infinity * ' },
      {
        file: PRODUCT,
        from: 'data: { ...stock, available: countAvailable(stock) }',
        to: 'data: { ...stock, available: Math.max(0, countAvailable(stock)) }',
      },
      { file: TABLES, from: 'CHECK ("reserved" >= 0 AND "reserved" <= "on_hand")', to: 'CHECK ("reserved" >= 0)' },
      { file: TABLES, from: ' AND "reserved_after" <= "on_hand_after"', to: '' },
    ],
    finds: /units are (held by orders|reserved or gone), and there are/,
  },
  // The inbox and the key of a message keep an event from sending two mails.
  'no-message-key': {
    cuts: [
      forgetfulInbox(NOTIFICATION),
      { file: NOTIFICATION, from: 'ON CONFLICT (key) DO NOTHING', to: '' },
      {
        file: MESSAGES,
        from: 'CREATE UNIQUE INDEX "notifications_key_key"',
        to: 'CREATE INDEX "notifications_key_key"',
      },
    ],
    finds: /changes of an order have two messages/,
  },
  // A cache that never learns of a change.
  'deaf-cache': {
    cuts: [{ file: 'dist/gateway.cjs', from: '#takeEvent(event) {', to: '#takeEvent(event) { return;' }],
    finds: /reads are older than the events allow/,
  },
} satisfies Record<string, Plant>;

export type PlantName = keyof typeof plants;
export const plantNames = Object.keys(plants) as PlantName[];

/** True when the problems that the checks found are the effects of this defect. */
export function isFound(name: PlantName, wrong: readonly string[]): boolean {
  return wrong.some((text) => plants[name].finds.test(text));
}

/** A copy of the built system with a defect. */
export interface PlantedRoot {
  readonly path: string;
  remove(): Promise<void>;
}

/** The files that a system starts from. Programs and migrations are copied, the rest is only read. */
const COPIED = ['dist', 'prisma'];
const LINKED = ['node_modules', 'gateway', 'subgraphs', 'package.json'];

/**
 * Copies the built system and plants a defect in the copy. @throws Error when the system does not have the code to
 * replace
 */
export async function plantDefect(name: PlantName, root = process.cwd()): Promise<PlantedRoot> {
  const copy = await mkdtemp(path.join(tmpdir(), 'planted-'));
  const remove = () => rm(copy, { recursive: true, force: true });
  try {
    for (const place of COPIED) await cp(path.join(root, place), path.join(copy, place), { recursive: true });
    for (const place of LINKED) await symlink(path.join(root, place), path.join(copy, place));
    for (const cut of plants[name].cuts) await replaceOnce(path.join(copy, cut.file), cut);
    return { path: copy, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A defect that was not planted would prove nothing. */
async function replaceOnce(file: string, { from, to }: Cut): Promise<void> {
  const text = await readFile(file, 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`${path.basename(file)} contains this text ${parts.length - 1} times instead of once: ${from}`);
  await writeFile(file, parts.join(to));
}
