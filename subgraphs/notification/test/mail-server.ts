import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** The server's treatment of the next messages to a recipient: a reply after the recipient, or a lost connection after the content. */
export type Behaviour = 450 | 550 | 'drop after data';

export interface MailServer {
  readonly port: number;
  /** The messages that were accepted, in their order. */
  readonly received: ParsedMail[];
  /** The recipients of all messages whose content arrived. */
  readonly contents: string[];
  /** Behaves so for a number of messages to a recipient, and accepts the later ones. */
  behave(recipient: string, behaviour: Behaviour, times?: number): void;
  close(): Promise<void>;
}

/** Starts a real SMTP server on 127.0.0.1. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const plans = new Map<string, Behaviour[]>();
  const sockets = new Set<Socket>();
  const received: ParsedMail[] = [];
  const contents: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo({ address }, _session, done) {
      const plan = plans.get(address)?.[0];
      if (typeof plan !== 'number') return done();
      plans.get(address)?.shift();
      done(
        Object.assign(new Error(`<${address}> is refused, see https://example.com/?token=secret`), {
          responseCode: plan,
        }),
      );
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipient = session.envelope.rcptTo[0]?.address ?? '';
        contents.push(recipient);
        if (plans.get(recipient)?.shift() === 'drop after data') return sockets.forEach((socket) => socket.destroy());
        void simpleParser(Buffer.concat(chunks)).then((mail) => {
          received.push(mail);
          done(null);
        });
      });
    },
  });
  server.on('error', () => {}); // connections that are dropped
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    contents,
    behave: (recipient, behaviour, times = 1) => void plans.set(recipient, Array<Behaviour>(times).fill(behaviour)),
    async close() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}
