import { type Readable, Transform } from 'node:stream';
import { createTransport } from 'nodemailer';
import { classify } from './classify.ts';
import { MailRefused } from './mail-errors.ts';
import { readSmtpUrl } from './read-smtp-url.ts';

/** The key by which a domain signs its mail: its public half is in the DNS, at `<keySelector>._domainkey.<domainName>`. */
export interface DkimOptions {
  readonly domainName: string;
  readonly keySelector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Options of {@link openSmtp}. Times are in milliseconds. */
export interface SmtpOptions {
  /** As for {@link readSmtpUrl}. */
  readonly url: string;
  /** The sender: an address, or `Name <address>`. */
  readonly from: string;
  readonly dkim?: DkimOptions | undefined;
  /** Certificates (PEM) to trust instead of the well-known authorities. */
  readonly ca?: string | undefined;
  /** Connections that are kept open and used in turn. Default: 4. */
  readonly maxConnections?: number;
  /** To connect, with TLS. Default: 10,000. */
  readonly connectTimeoutMs?: number;
  /** Without a byte from the server. Default: 60,000. */
  readonly idleTimeoutMs?: number;
  /** For one message in all, the wait for a connection included. Default: 180,000. */
  readonly sendTimeoutMs?: number;
}

/** One message to one recipient. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** `<…@…>`. The same for each attempt, so that a mailbox can recognise a message that arrives twice. */
  readonly messageId: string;
  /** Further headers. Line breaks in values become spaces. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A connection to a mail server. */
export interface Smtp {
  /**
   * Sends a message. Returns when the server has accepted it.
   *
   * @throws MailRefused for good: the server answered 5xx, or the address is none
   * @throws MailDeferred when it may be sent again: 4xx, a server that is away or wants other credentials, a certificate that is not
   *   trusted
   * @throws MailUncertain when the connection was lost after the message had begun: the server may have accepted it
   */
  send(mail: Mail): Promise<void>;
  /** Waits for the messages that are being sent, and disconnects. */
  close(): Promise<void>;
}

/** Idle connections end before a server ends them: a message on one that has just ended would be deferred. */
const keptIdleMs = 20_000;

/** Opens a pool of connections to a mail server. It connects at the first message. @throws RangeError for a wrong URL */
export function openSmtp(options: SmtpOptions): Smtp {
  const { from, dkim, ca, maxConnections = 4, connectTimeoutMs = 10_000, idleTimeoutMs = 60_000 } = options;
  const { sendTimeoutMs = 180_000 } = options;
  const transport = createTransport(
    {
      pool: true,
      ...readSmtpUrl(options.url),
      maxConnections,
      // A message is tried once. Its sender decides about the next attempt.
      maxRequeues: 0,
      idleTimeout: keptIdleMs,
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      dnsTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(dkim === undefined ? {} : { dkim: { ...dkim } }),
      ...(ca === undefined ? {} : { tls: { ca } }),
    },
    { from },
  );
  /** The bodies of messages that are being sent, by Message-ID. */
  const bodies = new Map<string, Readable>();
  transport.use('stream', ({ message, data }, done) => {
    const create = message.createReadStream.bind(message);
    message.createReadStream = (settings) => {
      const body = inOnePiece(create(settings));
      bodies.set(String(data.messageId), body);
      return body;
    };
    done();
  });
  const sending = new Set<Promise<void>>();

  async function send(mail: Mail): Promise<void> {
    if (!isAddress(mail.to)) throw new MailRefused('The recipient is not an e-mail address.', null);
    try {
      const { to, subject, text, html, messageId, headers = {} } = mail;
      await transport.sendMail({
        // As an object, because a text is read as a list of addresses.
        to: { name: '', address: to },
        envelope: { from: findAddress(from), to: [to] },
        subject: onOneLine(subject),
        text,
        html,
        // Without it, all letters are counted to choose an encoding, which takes a third of the time to write a message.
        textEncoding: 'quoted-printable',
        messageId: onOneLine(messageId),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [requireName(name), onOneLine(value)]),
        ),
        signal: AbortSignal.timeout(sendTimeoutMs),
      });
    } catch (error) {
      throw classify(error, bodies.get(onOneLine(mail.messageId))?.readableDidRead ?? false);
    } finally {
      bodies.delete(onOneLine(mail.messageId));
    }
  }

  return {
    send(mail) {
      const sent = send(mail).finally(() => sending.delete(sent));
      sending.add(sent);
      return sent;
    },
    async close() {
      await Promise.allSettled(sending);
      transport.close();
    },
  };
}

/** One address, without a name. Quoted local parts are not supported. */
function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@"<>(),:;\\[\]\p{Cc}]+@[^\s@"<>(),:;\\[\]\p{Cc}]+$/u.test(text);
}

/** The address in `Name <address>`. */
function findAddress(sender: string): string {
  return /<([^<>]*)>\s*$/.exec(sender)?.[1] ?? sender.trim();
}

function requireName(name: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is not the name of a header.`);
  return name;
}

function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** Joins the many small pieces of a message: each would be a write to the socket, and these cost more than all else of a message. */
function inOnePiece(body: Readable): Readable {
  const pieces: Buffer[] = [];
  const whole = new Transform({
    transform(piece: Buffer, _encoding, done) {
      pieces.push(piece);
      done();
    },
    flush(done) {
      done(null, Buffer.concat(pieces));
    },
  });
  body.on('error', (error) => whole.destroy(error));
  return body.pipe(whole);
}
