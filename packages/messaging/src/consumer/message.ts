import type { EventHeaders } from '../event.ts';

/** A message as it was received, from the stream or from the dead letters. */
export interface Message {
  /** Subject of the message, which is the event's type. */
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
}
