import type { NatsConnection } from 'nats';
import type { Link } from './link.ts';

/** Watches for the loss of a connection: the client itself lets requests wait for their timeout when it is lost. */
export class ConnectionLoss {
  readonly #lost: Promise<never>;
  readonly #end: () => void;
  #isLost = false;

  constructor(link: Link, nats: NatsConnection) {
    let lose: (error: Error) => void = () => {};
    this.#lost = new Promise((_resolve, reject) => { lose = reject; });
    this.#lost.catch(() => {});
    const check = (current: NatsConnection | null): void => {
      if (current === nats) return;
      this.#isLost = true;
      lose(new Error('the connection to the broker was lost'));
    };
    this.#end = link.watch(check);
    check(link.nats);
  }

  /**
   * Runs a request, and rejects as soon as the connection is lost, also when it was lost before: what the client is given while it is
   * not connected might be sent after reconnecting, before anybody has looked at what the broker still has.
   */
  async race<Result>(request: () => Promise<Result>): Promise<Result> {
    if (this.#isLost) return this.#lost;
    const answer = request();
    answer.catch(() => {});
    return Promise.race([answer, this.#lost]);
  }

  /** Stops watching. */
  end(): void {
    this.#end();
  }
}
