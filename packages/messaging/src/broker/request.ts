import { SpanKind, trace } from '@opentelemetry/api';
import { headers as createHeaders } from 'nats';
import type { Msg, RequestOptions as NatsRequestOptions } from 'nats';
import { getCurrentTrace, getTracer, isSampled, traceHeader, writeTrace } from '../tracing/current-trace.ts';
import { endSpan } from '../tracing/shared-work.ts';
import type { Link } from './link.ts';

/**
 * Why a request got no usable answer.
 *
 * - `disconnected`: the broker is away, or the caller stopped waiting
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

export interface RequestOptions {
  /** Milliseconds to wait for the answer. Default: 2000. */
  readonly timeoutMs?: number;
  /** Ends the waiting. The other service may still do what was asked. */
  readonly signal?: AbortSignal;
}

const defaultTimeoutMs = 2_000;

/** Sends a request and returns the answer as parsed JSON. The caller checks its shape. */
export async function request(
  link: Pick<Link, 'nats' | 'untilLost'>,
  subject: string,
  payload: unknown,
  options: RequestOptions,
): Promise<unknown> {
  const parent = getCurrentTrace();
  if (!isSampled(parent)) return send(link, subject, payload, options);
  const span = getTracer().startSpan(
    `request ${subject}`,
    { kind: SpanKind.CLIENT, attributes: describeRequest(subject) },
    parent,
  );
  const headers = createHeaders();
  headers.set(traceHeader, writeTrace(trace.setSpan(parent, span))[traceHeader] ?? '');
  try {
    const answer = await send(link, subject, payload, options, { headers });
    endSpan(span);
    return answer;
  } catch (error) {
    endSpan(span, error instanceof RequestFailed ? { code: error.reason.replace('-', '_') } : error);
    throw error;
  }
}

export function describeRequest(subject: string) {
  return { 'messaging.system': 'nats', 'messaging.operation.name': 'request', 'messaging.destination.name': subject };
}

async function send(
  { nats, untilLost }: Pick<Link, 'nats' | 'untilLost'>,
  subject: string,
  payload: unknown,
  { timeoutMs = defaultTimeoutMs, signal }: RequestOptions,
  more: Pick<NatsRequestOptions, 'headers'> = {},
): Promise<unknown> {
  if (!nats) throw new RequestFailed(subject, 'disconnected');
  const answering = nats
    .request(subject, JSON.stringify(payload), { timeout: timeoutMs, ...more })
    .catch((cause: unknown) => {
      throw new RequestFailed(subject, toFailure(cause), { cause });
    });
  // An answer to a lost connection never comes. The client would wait for it until the timeout.
  const answer = await unlessAborted(answering, signal ? [untilLost, signal] : [untilLost], subject);
  if (answer.headers?.has(rejectionHeader)) throw new RequestFailed(subject, 'rejected');
  try {
    return answer.json();
  } catch (cause) {
    throw new RequestFailed(subject, 'malformed', { cause });
  }
}

async function unlessAborted(answering: Promise<Msg>, signals: readonly AbortSignal[], subject: string): Promise<Msg> {
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new RequestFailed(subject, 'disconnected'));
    for (const signal of signals) signal.addEventListener('abort', onAbort);
  });
  try {
    if (signals.some((signal) => signal.aborted)) onAbort();
    return await Promise.race([answering, aborted]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
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
