import type { NatsConnection } from 'nats';
import { RequestFailed } from './request-failed.ts';
import type { RequestFailure } from './request-failed.ts';

/** Header of an answer that says that there is none, and why. */
export const rejectionHeader = 'Nats-Service-Error';

/** Asks, and returns the answer as JSON gives it: the caller checks its shape. */
export async function request(
  nats: NatsConnection | null,
  subject: string,
  payload: unknown,
  timeoutMs: number,
): Promise<unknown> {
  if (!nats) throw new RequestFailed(subject, 'disconnected');
  const answer = await nats
    .request(subject, JSON.stringify(payload), { timeout: timeoutMs })
    .catch((cause: unknown) => {
      throw new RequestFailed(subject, failureOf(cause), { cause });
    });
  if (answer.headers?.has(rejectionHeader)) throw new RequestFailed(subject, 'rejected');
  try {
    return answer.json();
  } catch (cause) {
    throw new RequestFailed(subject, 'malformed', { cause });
  }
}

/** By the client's codes; 503 is the status with which the broker says that nobody listens. */
const failures: Readonly<Record<string, RequestFailure>> = {
  503: 'no-responders',
  TIMEOUT: 'timeout',
  PERMISSIONS_VIOLATION: 'refused',
};

function failureOf(error: unknown): RequestFailure {
  return failures[String((error as { code?: unknown } | null)?.code)] ?? 'disconnected';
}
