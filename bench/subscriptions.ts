import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AdjustStock } from '@shop/client';
import { processNames } from '@shop/stack';
import { openShop, placeOrder, registerCustomer, type Shop } from '../e2e/shop.ts';
import type { WebSocket } from 'ws';
import { readMemory } from './gateway/process-memory.ts';
import { cpuBetween, readCpuTimes } from './orders/cpu-times.ts';
import { markdownTable } from './results/markdown-table.ts';
import { quantile } from './results/statistics.ts';
import type { SubscriptionsOptions } from './subscriptions/options.ts';
import { subscribe } from './subscriptions/subscriber.ts';

const stockQuery =
  'subscription Stock($ids: [ID!]!) { stockChanged(productIds: $ids) { id name availableQuantity inStock } }';
const orderQuery = 'subscription Watch($id: ID!) { orderUpdated(id: $id) { id status version } }';

/** Sockets that connect at the same time. */
const connecting = 100;
/** Between two changes. The one before has reached everybody. */
const betweenMs = 300;
const warmUp = 5;

/** Measures subscriptions of one product, of one product with many subscribers, and of orders while they are placed. */
export async function subscriptions(options: SubscriptionsOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const shop = await openShop({
    env: { SUBSCRIPTIONS_PER_CLIENT: '1000000', SUBSCRIPTIONS_MAX: '1000000', MAX_CONNECTIONS: '1000000' },
  });
  try {
    const rows = [
      await measureStock(shop, 1, options.changes),
      await measureStock(shop, options.subscribers, options.changes),
      await measureOrders(shop, options.orders),
    ];
    const table = markdownTable(
      [
        'subscriptions',
        'of',
        'messages',
        'delay p50',
        'p99',
        'CPU of the gateway a message',
        'memory of the gateway a subscription',
      ],
      rows,
    );
    console.log(
      `\n${os.cpus().length} cores, Node ${process.versions.node}, load average ${loadBefore.toFixed(1)} before and ` +
        `${(os.loadavg()[0] ?? 0).toFixed(1)} after. The clients run on the same machine, in one process.\n\n${table}\n\n` +
        'The delay is the time from the answer to the change until a client has the message.\n',
    );
  } finally {
    await shop.stop();
  }
}

const inMs = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`;
const inMicroseconds = (seconds: number): string => `${(1e6 * seconds).toFixed(0)} us`;

const gatewayPid = (shop: Shop): number => shop.stack.service('gateway').pid ?? 0;

async function measureCpu(shop: Shop, work: () => Promise<void>): Promise<number> {
  const pids = Object.fromEntries(processNames.map((name) => [name, shop.stack.service(name).pid]));
  const before = await readCpuTimes(pids, null);
  await work();
  return cpuBetween(before, await readCpuTimes(pids, null)).get('gateway') ?? Number.NaN;
}

async function measureStock(shop: Shop, subscribers: number, changes: number): Promise<string[]> {
  const productId = await shop.newProduct({ initialStock: 1_000_000 });
  const url = `${shop.stack.service('gateway').url}/graphql`;
  const memoryBefore = await readMemory(gatewayPid(shop));
  let arrivals: number[] = [];
  const sockets: WebSocket[] = [];
  const add = async (): Promise<void> => {
    sockets.push(
      await subscribe({
        url,
        query: stockQuery,
        variables: { ids: [productId] },
        onMessage: (_text, at) => void arrivals.push(at),
      }),
    );
  };
  const untilAll = async (): Promise<void> => {
    for (const end = Date.now() + 120_000; arrivals.length < subscribers; await pause(5))
      if (Date.now() > end) throw new Error(`Only ${arrivals.length} of ${subscribers} subscribers got a message.`);
  };
  for (let opened = 0; opened < subscribers; opened += connecting)
    await Promise.all(Array.from({ length: Math.min(connecting, subscribers - opened) }, add));
  await untilAll();
  const memory = ((await readMemory(gatewayPid(shop))) - memoryBefore) / subscribers;

  const delays: number[] = [];
  const change = async (): Promise<void> => {
    arrivals = [];
    await pause(betweenMs);
    const { adjustStock } = await shop.admin.request(AdjustStock, {
      input: { productId, delta: -1, reason: 'measured', idempotencyKey: randomUUID() },
    });
    const answered = performance.now();
    if (adjustStock.__typename !== 'AdjustStockSuccess')
      throw new Error(`The stock did not change: ${adjustStock.__typename}`);
    await untilAll();
    delays.push(...arrivals.map((at) => at - answered));
  };
  for (let round = 0; round < warmUp; round += 1) await change();
  delays.length = 0;
  const cpu = await measureCpu(shop, async () => {
    for (let round = 0; round < changes; round += 1) await change();
  });
  for (const socket of sockets) socket.terminate();
  delays.sort((a, b) => a - b);
  return [
    subscribers.toLocaleString('en-US'),
    'one product',
    delays.length.toLocaleString('en-US'),
    inMs(quantile(delays, 0.5)),
    inMs(quantile(delays, 0.99)),
    inMicroseconds(cpu / delays.length),
    subscribers === 1 ? '' : `${(memory / 1_024).toFixed(1)} kB`,
  ];
}

async function measureOrders(shop: Shop, orders: number): Promise<string[]> {
  const productId = await shop.newProduct({ initialStock: 1_000_000 });
  const url = `${shop.stack.service('gateway').url}/graphql`;
  const customers = await Promise.all(Array.from({ length: 16 }, () => registerCustomer(shop.anonymous)));
  const delays: number[] = [];
  const sockets: WebSocket[] = [];
  let messages = 0;
  let left = orders;
  const cpu = await measureCpu(shop, async () => {
    await Promise.all(
      customers.map(async ({ client, accessToken }) => {
        while (left > 0) {
          left -= 1;
          const { order } = await placeOrder(client, [[productId, 1]]);
          const answered = performance.now();
          await new Promise<void>((resolve, reject) => {
            const onMessage = (text: string, at: number): void => {
              messages += 1;
              if (!text.includes('"RESERVED"')) return;
              delays.push(at - answered);
              resolve();
            };
            subscribe({ url, accessToken, query: orderQuery, variables: { id: order.id }, onMessage }).then(
              (socket) => sockets.push(socket),
              reject,
            );
          });
        }
      }),
    );
  });
  for (const socket of sockets) socket.terminate();
  delays.sort((a, b) => a - b);
  return [
    orders.toLocaleString('en-US'),
    'an order each, from the answer to placing it until RESERVED',
    messages.toLocaleString('en-US'),
    inMs(quantile(delays, 0.5)),
    inMs(quantile(delays, 0.99)),
    `${inMicroseconds(cpu / messages)}, with placing`,
    '',
  ];
}
