import type { Msg } from 'nats';
import type { Link } from './link.ts';

/**
 * Why a request got no usable answer.
 *
 * - `disconnected`: the broker is away
 * - `no-responders`: no service that could answer is connected
 * - `timeout`: no answer came in time
 * - `refused`: the broker does not allow this service to ask
 * - `rejected`: the other service failed to answer and said so
 * - `malformed`: the answer is not JSON
 */
export type RequestFailure = 'disconnected' | 'no-responders' | 'timeout' | 'refused' | 'rejected' | 'malformed';

/** A request over the broker failed. The other service may still have done what was asked, unless the reason excludes that. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly subject: string;
  readonly reason: RequestFailure;

  constructor(subject: string, reason: RequestFailure, options?: ErrorOptions) {
    super(`request ${subject} failed: ${reason}`, options);
    this.subject = subject;
    this.reason = reason;
  }
}

/** Header of an answer that reports a failure. */
export const rejectionHeader = 'Nats-Service-Error';

/** Sends a request and returns the answer as parsed JSON. The caller checks its shape. */
export async function request(
  { nats, untilLost }: Pick<Link, 'nats' | 'untilLost'>,
  subject: string,
  payload: unknown,
  timeoutMs: number,
): Promise<unknown> {
  if (!nats) throw new RequestFailed(subject, 'disconnected');
  const answering = nats.request(subject, JSON.stringify(payload), { timeout: timeoutMs }).catch((cause: unknown) => {
    throw new RequestFailed(subject, toFailure(cause), { cause });
  });
  const answer = await unlessLost(answering, untilLost, subject);
  if (answer.headers?.has(rejectionHeader)) throw new RequestFailed(subject, 'rejected');
  try {
    return answer.json();
  } catch (cause) {
    throw new RequestFailed(subject, 'malformed', { cause });
  }
}

/** An answer to a lost connection never comes. The client would wait for it until the timeout. */
async function unlessLost(answering: Promise<Msg>, untilLost: AbortSignal, subject: string): Promise<Msg> {
  let onLost = (): void => {};
  const lost = new Promise<never>((_resolve, reject) => {
    onLost = () => reject(new RequestFailed(subject, 'disconnected'));
    untilLost.addEventListener('abort', onLost);
  });
  try {
    return await Promise.race([answering, lost]);
  } finally {
    untilLost.removeEventListener('abort', onLost);
  }
}

/** By the client's error codes. With 503 the broker says that nobody listens. */
const failures: Readonly<Record<string, RequestFailure>> = {
  503: 'no-responders',
  TIMEOUT: 'timeout',
  PERMISSIONS_VIOLATION: 'refused',
};

function toFailure(error: unknown): RequestFailure {
  return failures[String((error as { code?: unknown } | null)?.code)] ?? 'disconnected';
}
