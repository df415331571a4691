import type { GatewayContext } from '../context.ts';
import type { LiveEnding, LiveMessage, LiveStream } from './live-stream.ts';

/** Objects that wait for a client that does not read. A client that lets more wait is ended. */
const maxWaiting = 1_000;

/** The messages for one subscriber. Of each object, only the newest waits. */
export class Subscriber implements LiveStream {
  /** Of the request that subscribed. */
  readonly context: GatewayContext;
  readonly #onEnd: () => void;
  readonly #waiting = new Map<unknown, LiveMessage>();
  #ending: LiveEnding | undefined;
  #wake: (() => void) | undefined;

  /** @param onEnd called once, when the stream has ended */
  constructor(context: GatewayContext, onEnd: () => void) {
    this.context = context;
    this.#onEnd = onEnd;
  }

  get ending(): LiveEnding | undefined {
    return this.#ending;
  }

  /** @param object a message replaces one of the same object that waits */
  deliver(object: unknown, message: LiveMessage): void {
    if (this.#ending !== undefined) return;
    this.#waiting.set(object, message);
    if (this.#waiting.size > maxWaiting) this.end('slow');
    else this.#wake?.();
  }

  async next(): Promise<LiveMessage | undefined> {
    if (this.#waiting.size === 0 && this.#ending === undefined)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    for (const [object, message] of this.#waiting) {
      this.#waiting.delete(object);
      return message;
    }
    return undefined;
  }

  end(ending: LiveEnding): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    // Waiting messages are still true where the stream is complete. Elsewhere the client subscribes again.
    if (ending !== 'complete') this.#waiting.clear();
    this.#onEnd();
    this.#wake?.();
  }
}
