import { describeBrokerError } from './broker/api-error.ts';
import type { Logger } from './logger.ts';

/** Logs once when something stops working, once when it works again, and nothing in between however often it is tried. */
export class Outage {
  readonly #logger: Logger;
  readonly #what: string;
  #since: number | undefined;
  #reason = '';

  constructor(logger: Logger, what: string) {
    this.#logger = logger;
    this.#what = what;
  }

  /** @param level `info` for what may be expected, such as waiting for another service at the first start. Default `warn`. */
  begins(error: unknown, fields: object = {}, level: 'info' | 'warn' = 'warn'): void {
    const reason = describeBrokerError(error);
    if (this.#since !== undefined && reason === this.#reason) return;
    this.#since ??= Date.now();
    this.#reason = reason;
    // What is expected needs no stack, which would look like a fault.
    if (level === 'info') this.#logger.info(fields, `${this.#what} is waiting: ${reason}`);
    else this.#logger.warn({ ...fields, err: error }, `${this.#what} failing: ${reason}`);
  }

  ends(fields: object = {}): void {
    if (this.#since === undefined) return;
    this.#logger.info({ ...fields, outageMs: Date.now() - this.#since }, `${this.#what} working again`);
    this.#since = undefined;
  }
}
