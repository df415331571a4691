/** A way to send a subscription as the answer to a request: events of a server (SSE), or the parts of Apollo's multipart protocol. */
export type StreamType = 'sse' | 'multipart';

const parameter = /;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;",]*))/g;

/**
 * Chooses how a subscription is sent by the header `accept`: what the client prefers, and SSE where it prefers none. Only the types
 * themselves count. Ranges such as `*` do not: a client that did not think of streams cannot read one.
 *
 * @returns undefined where the client takes neither
 */
export function chooseStreamType(accept: string | undefined): StreamType | undefined {
  let best: { readonly type: StreamType; readonly quality: number } | undefined;
  for (const entry of accept?.split(',') ?? []) {
    const parameters = new Map<string, string>();
    for (const [, name = '', quoted, plain = ''] of entry.matchAll(parameter))
      parameters.set(name.toLowerCase(), quoted ?? plain);
    const quality = Number(parameters.get('q') ?? 1);
    const type = findType(entry.split(';', 1)[0]?.trim().toLowerCase(), parameters.get('subscriptionspec'));
    if (type === undefined || !(quality > 0)) continue;
    if (best === undefined || quality > best.quality || (quality === best.quality && type === 'sse'))
      best = { type, quality };
  }
  return best?.type;
}

function findType(name: string | undefined, specification: string | undefined): StreamType | undefined {
  if (name === 'text/event-stream') return 'sse';
  return name === 'multipart/mixed' && specification === '1.0' ? 'multipart' : undefined;
}

/** The message of 406. */
export const acceptedTypes =
  'The answer to a subscription is a stream. Accept "text/event-stream", or "multipart/mixed;subscriptionSpec=1.0" with POST, ' +
  'or connect by WebSocket with the subprotocol "graphql-transport-ws".';
