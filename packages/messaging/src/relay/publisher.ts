import { headers } from 'nats';
import type { NatsConnection } from 'nats';
import type { ConnectionLoss } from '../broker/connection-loss.ts';
import { envelopeContentType } from '../envelope.ts';
import type { Publish } from './publish-batch.ts';

export interface PublisherOptions {
  readonly nats: NatsConnection;
  readonly loss: ConnectionLoss;
  /** Name of the stream that is to keep the events. */
  readonly stream: string;
  /** Milliseconds to wait for the broker's acknowledgement. */
  readonly timeoutMs: number;
}

/** Publishes events over a connection, with the outbox's id as the message's, by which the broker knows a repeated one for a while. */
export function publisher({ nats, loss, stream, timeoutMs }: PublisherOptions): Publish {
  const jetStream = nats.jetstream();
  return async ({ sequence, id, type, body, headers: fields }) => {
    const messageHeaders = headers();
    for (const [name, value] of Object.entries(fields)) messageHeaders.set(name, value);
    messageHeaders.set('Content-Type', envelopeContentType);
    const options = { msgID: id, headers: messageHeaders, timeout: timeoutMs, expect: { streamName: stream } };
    const ack = await loss.race(() => jetStream.publish(type, body, options));
    return { sequence, streamSequence: ack.seq, duplicate: ack.duplicate };
  };
}
