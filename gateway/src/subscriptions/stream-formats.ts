import { errorBody } from '@shop/process';
import type { LiveEnding, LiveMessage } from '../live/live-stream.ts';
import type { StreamType } from './negotiate.ts';

/** How the messages of a subscription are written into the body of an answer. */
export interface StreamFormat {
  readonly contentType: string;
  /** Sent at once, so that the client has the headers. */
  readonly start: string;
  /** Sent while nothing happens, so that no proxy takes the connection for idle. */
  readonly ping: string;
  message(message: LiveMessage): string;
  /** The rest of the body for these endings. With the others, nothing more can reach the client. */
  end(ending: LiveEnding): string;
}

/** Why a stream ended whose access token is no longer valid. */
export const signedOut = 'The access token has expired, or its session was revoked. Subscribe again with a new token.';

/**
 * Server-sent events, in the mode of distinct connections of GraphQL over SSE. A stream that ends without `complete` is asked for again by
 * the client, with the id of its last message.
 */
const sse: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  start: ':\n\n',
  ping: ':\n\n',
  message: ({ json, position }) => `id: ${position}\nevent: next\ndata: ${onOneLine(json)}\n\n`,
  end: (ending) => {
    switch (ending) {
      case 'complete':
        return sseComplete;
      case 'unauthenticated':
        return `event: next\ndata: ${JSON.stringify(errorBody('UNAUTHENTICATED', signedOut))}\n\n${sseComplete}`;
      case 'restart':
      case 'slow':
      case 'closed':
        return '';
    }
  },
};

/** Browsers drop an event without data. */
const sseComplete = 'event: complete\ndata:\n\n';

/** Line breaks of JSON are between its tokens: within strings they are escaped. */
function onOneLine(json: string): string {
  return /[\r\n]/.test(json) ? json.replace(/[\r\n]+/g, ' ') : json;
}

/**
 * The parts of Apollo's protocol for multipart subscriptions. A client reads a part when the boundary behind it has arrived. An error that
 * ends the subscription is beside `payload`, which is null.
 */
const multipart: StreamFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  start: `\r\n--graphql${part('{}')}`,
  ping: part('{}'),
  message: ({ json }) => part(`{"payload":${json}}`),
  end: (ending) => {
    switch (ending) {
      case 'complete':
        return '--\r\n';
      case 'unauthenticated':
        return `${part(JSON.stringify({ payload: null, ...errorBody('UNAUTHENTICATED', signedOut) }))}--\r\n`;
      case 'restart':
        return `${part(JSON.stringify({ payload: null, ...errorBody('SUBSCRIPTION_RESTART') }))}--\r\n`;
      case 'slow':
      case 'closed':
        return '';
    }
  },
};

function part(json: string): string {
  return `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n--graphql`;
}

export const streamFormats: Readonly<Record<StreamType, StreamFormat>> = { sse, multipart };
