import type { Msg } from 'nats';
import type { Acknowledgement } from './publish-batch.ts';

/** What JetStream answers to a message: a place in the stream, or why it has none. */
interface PublishAnswer {
  readonly stream?: string;
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly code: number; readonly description: string };
}

/** Reads JetStream's answer to a published message. @throws Error as the client's own are, when the message was not taken */
export function readPublishAnswer(message: Msg): Omit<Acknowledgement, 'sequence'> {
  if (message.data.length === 0) {
    throw Object.assign(new Error('nobody took the message'), { code: String(message.headers?.code ?? '') });
  }
  const { stream, seq, duplicate = false, error } = message.json<PublishAnswer>();
  if (error) throw Object.assign(new Error(error.description), { code: String(error.code), api_error: error });
  if (!stream || typeof seq !== 'number') throw new Error("the answer to a message is not JetStream's");
  return { streamSequence: seq, duplicate };
}
