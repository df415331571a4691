import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  /** Keeps a message, and returns its id. When it returns, a restart does not lose it, provided that there is a directory. */
  add(raw: Buffer, recipients: readonly string[]): Promise<number>;
  find(id: number): Promise<Message | undefined>;
  /** The newest first. `to` selects by recipient, in any spelling of its letters. */
  list(selection?: {
    to?: string | undefined;
    after?: number | undefined;
    limit?: number;
  }): Promise<readonly Message[]>;
}

/** A message as it came. The text has a character for each byte. */
interface StoredMail extends Pick<Message, 'id' | 'receivedAt' | 'to'> {
  readonly raw: string;
}

/** A line of a file. Files of earlier releases have one message each, which was read when it came. */
type Stored = StoredMail | Message;

/** A message that is kept. It is read when somebody looks at it: few are looked at. */
interface Kept {
  readonly id: number;
  readonly to: readonly string[];
  readonly bytes: number;
  readonly file: string | null;
  readonly read: () => Promise<Message>;
}

/** Messages that share a file. A file for each would cost the file system more than all else of a message. */
const FILE_MESSAGES = 100;
const FILE_BYTES = 4 * 1024 * 1024;

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
  const kept = new Map<number, Kept>();
  let bytes = 0;
  let lastId = 0;
  /** The file for the next message, and what it has. Null before the first one: a file of an earlier run may end in half a line. */
  let current: { readonly file: string; messages: number; bytes: number } | null = null;

  async function keep(message: Kept): Promise<void> {
    kept.set(message.id, message);
    bytes += message.bytes;
    lastId = message.id;
    for (const oldest of kept.values()) {
      if ((kept.size <= maxMessages && bytes <= maxBytes) || kept.size === 1) break;
      kept.delete(oldest.id);
      bytes -= oldest.bytes;
      await forget(oldest.file);
    }
  }

  /** Removes a file whose messages all made room. */
  async function forget(file: string | null): Promise<void> {
    const [oldest] = kept.values();
    if (file !== null && file !== oldest?.file) await rm(file, { force: true });
  }

  if (directory !== undefined) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const file of await listFiles(directory)) {
      const lines = (await readFile(file, 'utf8')).split('\n');
      for (const stored of lines.flatMap(parseLine)) await keep(toKept(stored, file));
    }
  }

  async function addNext(raw: Buffer, recipients: readonly string[]): Promise<number> {
    const id = lastId + 1;
    const stored = { id, receivedAt: new Date().toISOString(), to: recipients, raw: raw.toString('latin1') };
    const file = directory === undefined ? null : await append(directory, stored);
    await keep(toKept(stored, file));
    return id;
  }

  /** Writes a message at the end of a file, and returns its name. */
  async function append(folder: string, stored: StoredMail): Promise<string> {
    if (current === null || current.messages >= FILE_MESSAGES || current.bytes >= FILE_BYTES)
      current = { file: path.join(folder, `${stored.id}.json`), messages: 0, bytes: 0 };
    const line = `${JSON.stringify(stored)}\n`;
    // A file of this name can only have half a line: the message that it begins with did not come through.
    const flag = current.messages === 0 ? 'w' : 'a';
    await writeFile(current.file, line, { mode: 0o600, flag });
    current.messages += 1;
    current.bytes += line.length;
    return current.file;
  }

  let adding: Promise<unknown> = Promise.resolve();
  return {
    /** One at a time: a reader that asks for messages after the last id that it saw must not miss a slower one with a lower id. */
    add(raw, recipients) {
      const added = adding.then(() => addNext(raw, recipients));
      adding = added.catch(() => undefined);
      return added;
    },
    find: async (id) => kept.get(id)?.read(),
    list({ to, after = 0, limit = maxMessages } = {}) {
      const wanted = to?.toLowerCase();
      const isSelected = ({ id, to: addresses }: Kept) =>
        id > after && (wanted === undefined || addresses.some((address) => address.toLowerCase() === wanted));
      const selected = [...kept.values()].filter(isSelected).sort((a, b) => b.id - a.id);
      return Promise.all(selected.slice(0, limit).map((message) => message.read()));
    },
  };
}

function toKept(stored: Stored, file: string | null): Kept {
  const { id, to } = stored;
  if (!('raw' in stored)) return { id, to, bytes: JSON.stringify(stored).length, file, read: async () => stored };
  let message: Promise<Message> | undefined;
  return {
    id,
    to,
    bytes: stored.raw.length,
    file,
    read: () => (message ??= readMessage(stored).catch((error: unknown) => showUnread(stored, error))),
  };
}

/** A message that the parser refuses, such as one with a thousand parts, is shown as it came. */
function showUnread({ id, receivedAt, to, raw }: StoredMail, error: unknown): Message {
  const subject = `This message cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  return { id, receivedAt, to, from: '', subject, messageId: null, text: raw, html: null, headers: [] };
}

/** Nothing for a line that a kill or a power cut has cut off. */
function parseLine(line: string): Stored[] {
  try {
    return [JSON.parse(line) as Stored];
  } catch {
    return [];
  }
}

/** The files in the order of their first messages. */
async function listFiles(directory: string): Promise<string[]> {
  return (await readdir(directory))
    .flatMap((name) => /^(\d{1,15})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((id) => path.join(directory, `${id}.json`));
}

async function readMessage({ id, receivedAt, to, raw }: StoredMail): Promise<Message> {
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true };
  const mail = await simpleParser(Buffer.from(raw, 'latin1'), options);
  return {
    id,
    receivedAt,
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
