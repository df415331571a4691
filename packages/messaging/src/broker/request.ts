import type { NatsConnection } from 'nats';
import { RequestFailed } from './request-failed.ts';
import type { RequestFailure } from './request-failed.ts';

/** Header of an answer that says that there is none, and why. */
export const rejectionHeader = 'Nats-Service-Error';

/** Asks, and returns the answer as JSON gives it: the caller checks its shape. */
export async function request(nats: NatsConnection | null, subject: string, payload: unknown, timeoutMs: number): Promise<unknown> {
  if (!nats) throw new RequestFailed(subject, 'disconnected');
  const answer = await nats.request(subject, JSON.stringify(payload), { timeout: timeoutMs }).catch((cause: unknown) => {
    throw new RequestFailed(subject, failureOf(cause), { cause });
  });
  if (answer.headers?.has(rejectionHeader)) throw new RequestFailed(subject, 'rejected');
  try {
    return answer.json();
  } catch (cause) {
    throw new RequestFailed(subject, 'malformed', { cause });
  }
}

/** The client's code for "nobody listens" is the status of the broker's own answer. */
function failureOf(error: unknown): RequestFailure {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === '503') return 'no-responders';
  return code === 'TIMEOUT' ? 'timeout' : 'disconnected';
}
