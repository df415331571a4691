import type { Lanes } from '../async/lanes.ts';
import type { Turns } from '../async/turns.ts';
import { handleMessages } from '../consumer/handle-messages.ts';
import type { Effects } from '../consumer/handle-messages.ts';
import { prepareMessage } from '../consumer/handlers.ts';
import type { EventHandler } from '../consumer/handlers.ts';
import type { Logger } from '../logger.ts';
import { loadRequested, lockRequested, markResolved, recordFailure } from './requested.ts';
import type { RequestedLetter } from './requested.ts';

export interface ResenderOptions<Tx> {
  readonly effects: Effects<Tx>;
  readonly handlers: readonly EventHandler<Tx>[];
  readonly lanes: Lanes;
  readonly turns: Turns;
  readonly isTransient: (error: unknown) => boolean;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Handles dead letters again that an operator asked for, each once, as if they had just been delivered. */
export class Resender<Tx> {
  readonly #options: ResenderOptions<Tx>;

  constructor(options: ResenderOptions<Tx>) {
    this.#options = options;
  }

  /** Handles all that is asked for now. Rejects when the database is away, and leaves the requests as they are. */
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
    const { effects, handlers, lanes, turns, isTransient, logger } = this.#options;
    const { consumer } = effects;
    let failure: unknown;
    try {
      const message = prepareMessage(handlers, letter);
      const locked = this.#lockedEffects(letter);
      const handle = (): Promise<void> => turns.run(() => handleMessages(locked, [message]));
      await lanes.run(message.event.subject, () =>
        handle().catch((error: unknown) => {
          failure = error;
        }),
      );
    } catch (error) {
      failure = error;
    }
    if (failure instanceof HandledElsewhere) return;
    if (failure === undefined)
      return logger.info({ consumer, deadLetter: letter.id, type: letter.type }, 'a dead letter was handled');
    if (isTransient(failure)) throw failure;
    await effects.transact((tx) => recordFailure(effects.sql(tx), letter.id, failure));
    logger.error({ err: failure, consumer, deadLetter: letter.id, type: letter.type }, 'a dead letter failed again');
  }

  /** Another replica may be at the same letter: whoever has its row goes on, the other leaves it. */
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
