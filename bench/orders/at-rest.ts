import { randomUUID } from 'node:crypto';
import { HttpLoad } from '../catalogue/http-load.ts';
import { quantile } from '../results/statistics.ts';
import type { OrderRecords } from './order-records.ts';
import { bodyOf } from './place-order.ts';
import type { Scene } from './scene.ts';

const ORDERS = 100;
const WARM_UP = 20;

export interface AtRest {
  readonly orders: number;
  /** Milliseconds until the answer of placeOrder, and from placing until a polling client sees RESERVED. */
  readonly placing: { readonly p50: number; readonly p99: number };
  readonly reserved: { readonly p50: number; readonly p99: number };
}

/** Places one order at a time, with a pause before each, so that the previous order is complete. */
export async function measureAtRest(graphqlUrl: string, scene: Scene, records: OrderRecords): Promise<AtRest> {
  const http = new HttpLoad(1);
  const {
    accessTokens: [accessToken],
    productIds,
  } = scene;
  const placing: number[] = [];
  const reserved: number[] = [];
  try {
    for (let round = -WARM_UP; round < ORDERS; round += 1) {
      // The length is random. A fixed length could run in step with a timer of the system.
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 20));
      const productId = productIds['many products'][round + WARM_UP] ?? '';
      const sent = performance.now();
      const answer = await http.post({ url: graphqlUrl, accessToken }, bodyOf(productId).join(randomUUID()));
      const answered = performance.now();
      const id = /"id":"([0-9a-f-]+)"/.exec(answer)?.[1];
      if (id === undefined) throw new Error(`An order was not placed: ${answer.slice(0, 1_000)}`);
      const seen = await records.watch(id);
      if (round < 0) continue;
      placing.push(answered - sent);
      reserved.push(seen);
    }
  } finally {
    http.close();
  }
  return { orders: ORDERS, placing: summary(placing), reserved: summary(reserved) };
}

function summary(values: number[]): { p50: number; p99: number } {
  values.sort((a, b) => a - b);
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}
