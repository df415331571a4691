import type { EventHeaders, OutboxEvent, ReceivedEvent } from './event.ts';
import { MalformedMessage } from './malformed-message.ts';

/** Content type of a message whose body is an envelope. */
export const envelopeContentType = 'application/cloudevents+json';

/** The CloudEvents 1.0 envelope of an event, for structured JSON. */
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

/**
 * Reads an envelope; its data stays unchecked.
 *
 * @throws MalformedMessage when the bytes are no such envelope. Trying again cannot help.
 */
export function parseEnvelope(body: Uint8Array, headers: EventHeaders): ReceivedEvent<unknown> {
  const envelope = parseObject(body);
  const text = (name: string): string => {
    const value = envelope[name];
    if (typeof value !== 'string' || value === '') throw new MalformedMessage(`the envelope has no ${name}`);
    return value;
  };
  if (text('specversion') !== '1.0') throw new MalformedMessage('the envelope is not of CloudEvents 1.0');
  const id = text('id').toLowerCase();
  if (!uuid.test(id)) throw new MalformedMessage('the id of the envelope is not a UUID');
  const time = new Date(text('time'));
  if (Number.isNaN(time.getTime())) throw new MalformedMessage('the time of the envelope is not a time');
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
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new MalformedMessage('the body is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedMessage('the body is not an object');
  return value as Record<string, unknown>;
}
