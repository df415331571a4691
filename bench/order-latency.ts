import { openShop, orderOf, placeOrder } from '../e2e/shop.ts';

const ROUNDS = 100;
const WARM_UP = 20;

/** How long one order at a time takes: to be accepted, and from then until a client that keeps asking sees it RESERVED. */
export async function orderLatency(): Promise<void> {
  const shop = await openShop();
  try {
    const customer = await shop.newCustomer();
    const product = await shop.newProduct({ initialStock: 1_000_000 });
    const accepted: number[] = [];
    const reserved: number[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const sent = performance.now();
      const { order } = await placeOrder(customer, [[product, 1]]);
      const answered = performance.now();
      while ((await orderOf(customer, order.id)).status !== 'RESERVED') await new Promise((resolve) => setTimeout(resolve, 1));
      if (round < 0) continue;
      accepted.push(answered - sent);
      reserved.push(performance.now() - answered);
    }
    console.log(`${ROUNDS} orders, one after the other:`);
    console.log(`  placeOrder answers      ${summary(accepted)}`);
    console.log(`  placed until RESERVED   ${summary(reserved)}`);
  } finally {
    await shop.stop();
  }
}

function summary(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (quantile: number) => `${(sorted[Math.floor(quantile * (sorted.length - 1))] ?? Number.NaN).toFixed(1)} ms`;
  return `median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${at(1)}`;
}
