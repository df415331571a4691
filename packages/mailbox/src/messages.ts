import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { simpleParser } from 'mailparser';

/** A message that was accepted. */
export interface Message {
  /** Grows with each message, also over restarts. */
  readonly id: number;
  /** RFC 3339. */
  readonly receivedAt: string;
  /** The addresses of the envelope. */
  readonly to: readonly string[];
  /** As in the header. */
  readonly from: string;
  readonly subject: string;
  /** Without angle brackets; null when there is none. */
  readonly messageId: string | null;
  readonly text: string;
  /** Null without an HTML part. */
  readonly html: string | null;
  /** All headers in their order, as they came. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface Messages {
  /** Keeps a message. When it returns, a restart does not lose it, provided that there is a directory. */
  add(raw: Buffer, recipients: readonly string[]): Promise<Message>;
  find(id: number): Message | undefined;
  /** The newest first. `to` selects by recipient, in any spelling of its letters. */
  list(selection?: { to?: string | undefined; after?: number | undefined; limit?: number }): readonly Message[];
}

/**
 * Opens the messages of a directory, or an empty mailbox in memory. The oldest messages make room for new ones.
 *
 * @param options.maxMessages 1,000 by default
 * @param options.maxBytes of their texts in memory, 64 MiB by default
 */
export async function openMessages(options: {
  directory?: string | undefined;
  maxMessages?: number;
  maxBytes?: number;
}): Promise<Messages> {
  const { directory, maxMessages = 1_000, maxBytes = 64 * 1024 * 1024 } = options;
  const kept = new Map<number, { message: Message; bytes: number }>();
  let bytes = 0;
  let lastId = 0;
  const fileOf = (folder: string, id: number) => path.join(folder, `${id}.json`);

  async function keep(message: Message, size: number): Promise<void> {
    kept.set(message.id, { message, bytes: size });
    bytes += size;
    for (const [oldest, { bytes: freed }] of kept) {
      if ((kept.size <= maxMessages && bytes <= maxBytes) || kept.size === 1) break;
      kept.delete(oldest);
      bytes -= freed;
      if (directory !== undefined) await rm(fileOf(directory, oldest), { force: true });
    }
  }

  if (directory !== undefined) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const id of await listIds(directory)) {
      lastId = id;
      // Files have parsed messages: a start with a thousand must not take seconds.
      const text = await readFile(fileOf(directory, id), 'utf8');
      const message = parse(text);
      if (message !== null) await keep(message, text.length);
    }
  }

  async function addNext(raw: Buffer, recipients: readonly string[]): Promise<Message> {
    const message = await readMessage(lastId + 1, recipients, raw);
    lastId = message.id;
    const text = JSON.stringify(message);
    if (directory !== undefined) await writeWhole(fileOf(directory, message.id), text);
    await keep(message, text.length);
    return message;
  }

  let adding: Promise<unknown> = Promise.resolve();
  return {
    /** One at a time: a reader that asks for messages after the last id that it saw must not miss a slower one with a lower id. */
    add(raw, recipients) {
      const added = adding.then(() => addNext(raw, recipients));
      adding = added.catch(() => undefined);
      return added;
    },
    find: (id) => kept.get(id)?.message,
    list({ to, after = 0, limit = maxMessages } = {}) {
      const wanted = to?.toLowerCase();
      const isSelected = ({ id, to: addresses }: Message) =>
        id > after && (wanted === undefined || addresses.some((address) => address.toLowerCase() === wanted));
      return [...kept.values()]
        .map(({ message }) => message)
        .filter(isSelected)
        .sort((a, b) => b.id - a.id)
        .slice(0, limit);
    },
  };
}

/** Null for a file that a power cut has emptied. */
function parse(text: string): Message | null {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return null;
  }
}

async function listIds(directory: string): Promise<number[]> {
  return (await readdir(directory))
    .flatMap((name) => /^(\d{1,15})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** A reader finds the whole file or none. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function readMessage(id: number, to: readonly string[], raw: Buffer): Promise<Message> {
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  return {
    id,
    receivedAt: new Date().toISOString(),
    to,
    from: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    messageId: mail.messageId?.replace(/^<|>$/g, '') ?? null,
    text: mail.text ?? '',
    html: mail.html === false ? null : (mail.html ?? null),
    headers: mail.headerLines.map(({ key, line }) => ({
      name: line.slice(0, line.indexOf(':')).trim() || key,
      value: line
        .slice(line.indexOf(':') + 1)
        .replace(/\r?\n\s+/g, ' ')
        .trim(),
    })),
  };
}
