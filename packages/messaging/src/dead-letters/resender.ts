import type { Lanes, Turns } from '../async/queues.ts';
import { handleMessages } from '../consumer/handle-messages.ts';
import type { Effects } from '../consumer/handle-messages.ts';
import type { EventHandler } from '../consumer/handlers.ts';
import { readMessage } from '../consumer/message.ts';
import type { Logger } from '../logger.ts';
import { loadRequested, lockRequested, markResolved, recordFailure } from './requests.ts';
import type { RequestedLetter } from './requests.ts';

export interface ResenderOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly handlers: readonly EventHandler<Tx>[];
  readonly lanes: Lanes;
  readonly turns: Turns;
  readonly isTransient: (error: unknown) => boolean;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Handles requested dead letters as if the broker had just delivered them, each once for each request. */
export class Resender<Tx> {
  readonly #options: ResenderOptions<Tx>;

  constructor(options: ResenderOptions<Tx>) {
    this.#options = options;
  }

  /** Handles all current requests. Rejects when the database is away, and keeps the requests. */
  async run(): Promise<void> {
    const { effects, signal } = this.#options;
    for (let after: string | null = null; !signal.aborted;) {
      const from: string | null = after;
      const letters: RequestedLetter[] = await effects.transact((tx) =>
        loadRequested(effects.sql(tx), effects.consumer, from),
      );
      for (const letter of letters) if (!signal.aborted) await this.#resend(letter);
      after = letters.at(-1)?.id ?? null;
      if (after === null) return;
    }
  }

  async #resend(letter: RequestedLetter): Promise<void> {
    const { effects, isTransient, logger } = this.#options;
    const fields = { consumer: effects.consumer, deadLetter: letter.id, type: letter.type };
    try {
      await this.#handle(letter);
      logger.info(fields, 'a dead letter was handled');
    } catch (error) {
      if (error instanceof HandledElsewhere) return;
      if (isTransient(error)) throw error;
      await effects.transact((tx) => recordFailure(effects.sql(tx), letter.id, error));
      logger.error({ ...fields, err: error }, 'a dead letter failed again');
    }
  }

  async #handle(letter: RequestedLetter): Promise<void> {
    const { handlers, lanes, turns } = this.#options;
    const message = readMessage(handlers, letter);
    const effects = this.#lockedEffects(letter);
    let failure: unknown;
    await lanes.run(message.event.subject, () =>
      turns
        .run(() => handleMessages(effects, [message]))
        .catch((error: unknown) => {
          failure = error ?? new Error('the handler threw no error object');
        }),
    );
    if (failure !== undefined) throw failure;
  }

  /** Another replica may work on the same letter. The one that locks the row first handles it. */
  #lockedEffects({ id }: RequestedLetter): Effects<Tx> {
    const { effects } = this.#options;
    return {
      ...effects,
      transact: (work) =>
        effects.transact(async (tx) => {
          if (!(await lockRequested(effects.sql(tx), id))) throw new HandledElsewhere();
          const result = await work(tx);
          await markResolved(effects.sql(tx), id);
          return result;
        }),
    };
  }
}

class HandledElsewhere extends Error {}
