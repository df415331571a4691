import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface SubscribeOptions {
  /** The URL of the endpoint, with the scheme http. */
  readonly url: string;
  readonly accessToken?: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Called with each message and the time of its arrival, by the steady clock. */
  readonly onMessage: (text: string, at: number) => void;
}

/** Opens a socket with one subscription. It does as little as possible, so that the gateway is what is measured. */
export async function subscribe({
  url,
  accessToken,
  query,
  variables,
  onMessage,
}: SubscribeOptions): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
  await once(socket, 'open');
  const payload = accessToken === undefined ? {} : { payload: { authorization: `Bearer ${accessToken}` } };
  socket.send(JSON.stringify({ type: 'connection_init', ...payload }));
  await once(socket, 'message');
  socket.on('message', (data: Buffer) => {
    const at = performance.now();
    const text = data.toString();
    if (text.startsWith('{"id":"1","type":"next"')) onMessage(text, at);
    else if (text.includes('"ping"')) socket.send('{"type":"pong"}');
    else throw new Error(`A subscription was answered by ${text.slice(0, 500)}`);
  });
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
  return socket;
}
