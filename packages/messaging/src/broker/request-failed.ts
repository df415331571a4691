/**
 * Why a request got no answer that can be used.
 *
 * - `disconnected`: the broker is away
 * - `no-responders`: nobody who could answer is connected
 * - `timeout`: no answer in time
 * - `refused`: the broker does not let this service ask
 * - `rejected`: whoever answers failed, and said so
 * - `malformed`: the answer is not JSON
 */
export type RequestFailure = 'disconnected' | 'no-responders' | 'timeout' | 'refused' | 'rejected' | 'malformed';

/** A request over the broker failed. What it asked for may have been done all the same, unless the reason excludes that. */
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
