import type { Msg, Subscription } from 'nats';

/** The header of a heartbeat that says which delivery was the last. */
const lastDeliveryHeader = 'Nats-Last-Consumer';

/**
 * Yields the messages that the broker pushes to a subscription, without the broker's heartbeats, until the signal aborts.
 *
 * @param options.onSign called for each message and each heartbeat that follows the ones before. Default: nothing.
 * @throws Error when the broker is silent for `silenceMs`, or when a delivery is missing
 */
export async function* readPushedMessages(
  subscription: Subscription,
  {
    silenceMs,
    ending,
    onSign,
  }: { readonly silenceMs: number; readonly ending: AbortSignal; readonly onSign?: () => void },
): AsyncGenerator<Msg> {
  let delivered = 0;
  let heardAt = performance.now();
  let failure: Error | undefined;
  const end = (): void => subscription.unsubscribe();
  const watch = (): void => {
    const left = heardAt + silenceMs - performance.now();
    if (left > 0) {
      watchdog = setTimeout(watch, left);
      return;
    }
    failure = new Error(`The broker sent nothing for ${silenceMs} ms.`);
    end();
  };
  // Each sign only notes its time: a timer for each would cost more than all else of it, and a periodic one wakes an idle process.
  let watchdog = setTimeout(watch, silenceMs);
  ending.addEventListener('abort', end);
  try {
    if (ending.aborted) return;
    for await (const message of subscription) {
      heardAt = performance.now();
      const sequence = readDelivery(message);
      const isHeartbeat = message.headers?.code === 100;
      if (sequence !== undefined && sequence !== (isHeartbeat ? delivered : delivered + 1))
        throw new Error(`The broker's delivery ${sequence} does not follow delivery ${delivered}.`);
      onSign?.();
      if (isHeartbeat) continue;
      delivered += 1;
      yield message;
    }
    if (failure) throw failure;
  } finally {
    clearTimeout(watchdog);
    ending.removeEventListener('abort', end);
  }
}

function readDelivery(message: Msg): number | undefined {
  if (message.headers?.code !== 100) {
    // `$JS.ACK.<stream>.<consumer>.<tries>.<stream sequence>.<delivery>…`, in newer forms with two tokens more in front.
    const tokens = message.reply?.split('.') ?? [];
    return Number(tokens[tokens.length > 9 ? 8 : 6]);
  }
  const text = message.headers.get(lastDeliveryHeader);
  return text === '' ? undefined : Number(text);
}
