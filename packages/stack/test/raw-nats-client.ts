import { connect, type Socket } from 'node:net';

/** Speaks NATS' text protocol, so that a test sees the server's own messages about permissions. */
export interface RawNatsClient {
  /** Sends a command and returns what the server says up to the next PONG. */
  exchange(command: string): Promise<string>;
  /** A JetStream API request; returns the answer's JSON. */
  request(subject: string, payload: object): Promise<Record<string, unknown>>;
  close(): void;
}

export async function connectRaw(url: string): Promise<RawNatsClient> {
  const { hostname, port, username, password } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  let buffer = '';
  let wake = (): void => {};
  socket.setEncoding('utf8').on('data', (text: string) => {
    buffer += text;
    wake();
  });
  socket.on('close', () => wake()).on('error', () => {});

  async function readUntil(end: RegExp): Promise<string> {
    for (;;) {
      const match = end.exec(buffer);
      if (match !== null || socket.closed) {
        const text = match === null ? buffer : buffer.slice(0, match.index + match[0].length);
        buffer = buffer.slice(text.length);
        return text;
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const exchange = (command: string): Promise<string> => {
    socket.write(`${command}\r\nPING\r\n`);
    return readUntil(/PONG\r\n/);
  };

  await readUntil(/INFO .*\r\n/);
  const user = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  const answer = await exchange(
    `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, ...(username === '' ? {} : user) })}`,
  );
  if (!answer.includes('PONG')) throw new Error(answer.trim());
  return {
    exchange,
    async request(subject, payload) {
      const inbox = `_INBOX_test.${Math.random().toString(36).slice(2)}`;
      const body = JSON.stringify(payload);
      socket.write(`SUB ${inbox} 1\r\nPUB ${subject} ${inbox} ${Buffer.byteLength(body)}\r\n${body}\r\n`);
      const text = await readUntil(/MSG [^\r]*\r\n\{.*\}\r\n/);
      return JSON.parse(/\r\n(\{.*\})\r\n$/.exec(text)?.[1] ?? '{}') as Record<string, unknown>;
    },
    close: () => socket.destroy(),
  };
}
