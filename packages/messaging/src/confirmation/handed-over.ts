import type { Delivery } from '../consumer/delivery.ts';
import type { EventHeaders } from '../event.ts';
import type { HandedOverEvent } from './messages.ts';

/** An event that its publisher handed over without the stream. */
export class HandedOverDelivery implements Delivery {
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers: EventHeaders;
  readonly stream: string;
  readonly streamSequence = 0;
  readonly deliveries: number;
  readonly fallbackId: string;
  /** Resolves when the delivery is answered: to true when the event need not come again. */
  readonly hasIt: Promise<boolean>;
  #answer: (hasIt: boolean) => void = () => {};

  constructor(event: HandedOverEvent, stream: string) {
    this.type = event.type;
    this.body = Buffer.from(JSON.stringify(event.body));
    this.headers = event.headers;
    this.stream = stream;
    this.deliveries = event.attempts;
    this.fallbackId = event.id;
    this.hasIt = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  acknowledge(): void {
    this.#answer(true);
  }

  extend(): void {}

  /** The publisher asks again. */
  release(): void {
    this.#answer(false);
  }

  /** A dead letter has the event now. */
  terminate(): void {
    this.#answer(true);
  }
}
