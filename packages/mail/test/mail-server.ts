import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** The server's treatment of a message, by its recipient. */
export type Behaviour =
  | 'accept'
  | 'drop after data'
  | 'drop at data'
  | 'stall after data'
  | { reply: number; at: 'rcpt' | 'data' | 'mail' };

export interface MailServer {
  readonly port: number;
  /** The messages that were accepted, and how many connections there were. */
  readonly received: {
    readonly raw: string;
    readonly mail: ParsedMail;
    readonly isSecure: boolean;
    readonly user: unknown;
  }[];
  /** Recipients of every attempt. */
  readonly attempts: string[];
  /** Recipients of every attempt whose content arrived, also when the server then dropped it. */
  readonly contents: string[];
  connections: number;
  behave(recipient: string, behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A real SMTP server on a port of 127.0.0.1. */
export async function startMailServer(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
  const behaviours = new Map<string, Behaviour>();
  const sockets = new Set<Socket>();
  const refuse = (code: number) => Object.assign(new Error(`No, ${code}`), { responseCode: code });
  const drop = () => sockets.forEach((socket) => socket.destroy());
  const state: Pick<MailServer, 'received' | 'attempts' | 'contents'> & { connections: number } = {
    received: [],
    attempts: [],
    contents: [],
    connections: 0,
  };
  const replyAt = (recipient: string, at: string): Error | null => {
    const behaviour = behaviours.get(recipient);
    return typeof behaviour === 'object' && behaviour.at === at ? refuse(behaviour.reply) : null;
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.secure || options.key ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onMailFrom: (_address, _session, done) => done(replyAt('sender', 'mail')),
    onRcptTo({ address }, _session, done) {
      state.attempts.push(address);
      if (behaviours.get(address) === 'drop at data') return drop();
      done(replyAt(address, 'rcpt'));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipient = session.envelope.rcptTo[0]?.address ?? '';
        const behaviour = behaviours.get(recipient);
        state.contents.push(recipient);
        if (behaviour === 'drop after data') return drop();
        if (behaviour === 'stall after data') return;
        const refusal = replyAt(recipient, 'data');
        if (refusal !== null) return done(refusal);
        const raw = Buffer.concat(chunks);
        void simpleParser(raw).then((mail) => {
          state.received.push({ raw: raw.toString(), mail, isSecure: session.secure, user: session.user });
          done(null);
        });
      });
    },
    ...options,
  });
  server.on('error', () => {}); // connections that the tests drop
  // Below TLS, Node does not stand it that the plain socket is destroyed.
  server.server.on(options.secure ? 'secureConnection' : 'connection', (socket: Socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return Object.assign(state, {
    port: (server.server.address() as AddressInfo).port,
    behave: (recipient: string, behaviour: Behaviour) => void behaviours.set(recipient, behaviour),
    async close() {
      drop();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  });
}
