import type { AddressInfo } from 'node:net';
import { PortTakenError, type Logger } from '@shop/process';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { Messages } from './messages.ts';

export interface RunningSmtpServer {
  readonly url: string;
  /** @throws Error when it does not listen */
  requireListening(): void;
  /** Lets open transactions finish for a moment, and ends all connections. */
  close(): Promise<void>;
}

/** Milliseconds for which a stopping server lets transactions finish. */
const closeTimeout = 2_000;

/**
 * The SMTP side. It accepts any sender, recipient and credentials, and refuses messages that are too large with 552.
 *
 * @throws PortTakenError
 */
export async function startSmtpServer(options: {
  host: string;
  port: number;
  maxMessageBytes: number;
  messages: Messages;
  logger: Logger;
}): Promise<RunningSmtpServer> {
  const { host, port, maxMessageBytes, messages, logger } = options;
  const server = new SMTPServer({
    name: 'mailbox',
    banner: 'Messages are shown, and not delivered',
    logger: false,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
    size: maxMessageBytes,
    maxClients: 50,
    closeTimeout,
    onData(stream, { envelope }, done) {
      readAll(stream, maxMessageBytes)
        .then(async (raw) => {
          if (raw === null) return done(Object.assign(new Error('Message too large'), { responseCode: 552 }));
          const recipients = envelope.rcptTo.map(({ address }) => address);
          await messages.add(raw, recipients);
          done(null);
        })
        .catch((error: unknown) => {
          logger.error({ err: error }, 'a message was not stored');
          done(Object.assign(new Error('The message was not stored'), { responseCode: 451 }));
        });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortTakenError(host, port) : error;
  });
  // A client that breaks off a connection is no fault of the server.
  server.on('error', (error) => logger.debug({ err: error }, 'connection failed'));
  const { address, family, port: usedPort } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${family === 'IPv6' ? `[${address}]` : address}:${usedPort}`,
    requireListening() {
      if (!server.server.listening) throw new Error('The SMTP server does not listen.');
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The whole message, or null when it is too large. It is read to its end in both cases, as SMTP wants it. */
async function readAll(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes > maxBytes ? null : Buffer.concat(chunks);
}
