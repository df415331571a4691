import { describeBrokerError } from './broker/api-error.ts';
import type { Logger } from './logger.ts';

/** Logs once when something starts to fail and once when it works again. Repeated failures with the same reason are not logged. */
export class Outage {
  readonly #logger: Logger;
  readonly #subject: string;
  #since: number | undefined;
  #reason = '';

  constructor(logger: Logger, subject: string) {
    this.#logger = logger;
    this.#subject = subject;
  }

  /** @param level `info` for expected failures, such as waiting for another service at the first start. Default: `warn`. */
  begins(error: unknown, fields: object = {}, level: 'info' | 'warn' = 'warn'): void {
    const reason = describeBrokerError(error);
    if (this.#since !== undefined && reason === this.#reason) return;
    this.#since ??= Date.now();
    this.#reason = reason;
    // An expected failure is logged without a stack, which would look like a fault.
    if (level === 'info') this.#logger.info(fields, `${this.#subject} is waiting: ${reason}`);
    else this.#logger.warn({ ...fields, err: error }, `${this.#subject} failing: ${reason}`);
  }

  ends(fields: object = {}): void {
    if (this.#since === undefined) return;
    this.#logger.info({ ...fields, outageMs: Date.now() - this.#since }, `${this.#subject} working again`);
    this.#since = undefined;
  }
}
