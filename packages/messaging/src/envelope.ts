import type { EventHeaders, OutboxEvent, ReceivedEvent } from './event.ts';

/** Content type of a message whose body is an envelope. */
export const envelopeContentType = 'application/cloudevents+json';

/** A message that no retry can help. It becomes a dead letter without another attempt. A handler may throw it too. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  /** Id of the message's event, if it could be read. */
  readonly eventId: string | undefined;

  constructor(message: string, { eventId, ...options }: ErrorOptions & { readonly eventId?: string } = {}) {
    super(message, options);
    this.eventId = eventId;
  }
}

/** Returns the CloudEvents 1.0 envelope of an event, in structured JSON mode. */
export function toEnvelope(event: OutboxEvent): object {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: event.time.toISOString(),
    datacontenttype: 'application/json',
    data: event.data,
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads an envelope. Its data stays unchecked.
 *
 * @throws MalformedMessage when the body is not a CloudEvents 1.0 envelope.
 */
export function parseEnvelope(body: Uint8Array, headers: EventHeaders): ReceivedEvent<unknown> {
  const envelope = parseObject(body);
  const text = (name: string): string => {
    const value = envelope[name];
    if (typeof value !== 'string' || value === '') throw new MalformedMessage(`the envelope has no ${name}`);
    return value;
  };
  if (text('specversion') !== '1.0') throw new MalformedMessage('the envelope does not have CloudEvents version 1.0');
  const id = text('id').toLowerCase();
  if (!uuid.test(id)) throw new MalformedMessage("the envelope's id is not a UUID");
  const time = new Date(text('time'));
  if (Number.isNaN(time.getTime())) throw new MalformedMessage("the envelope's time is not a time");
  return {
    id,
    type: text('type'),
    source: text('source'),
    subject: text('subject'),
    time,
    data: envelope['data'],
    headers,
  };
}

function parseObject(body: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch (cause) {
    throw new MalformedMessage('the body is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedMessage('the body is not a JSON object');
  return value as Record<string, unknown>;
}
