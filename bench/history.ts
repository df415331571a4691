import os from 'node:os';
import { expectSuccess, Login } from '@shop/client';
import { type GraphqlClient, startTestStack, type TestStack } from '@shop/testing';
import type { HistoryOptions } from './history/options.ts';
import { loadHistory } from './history/load-history.ts';
import { markdownTable } from './results/markdown-table.ts';
import { median } from './results/statistics.ts';

const WARM_UP = 5;

/** The queries of staff, by name. `CUSTOMER` is the customer with the most orders. */
const queries: Readonly<Record<string, string>> = {
  'orders: first page': 'orders(first: 20) { nodes { id number status placedAt } pageInfo { endCursor } }',
  'orders: of a status': 'orders(first: 20, filter: { status: [CANCELLED] }) { nodes { id } }',
  'orders: of a status that none has': 'orders(first: 20, filter: { status: [EXPIRED, FAILED] }) { nodes { id } }',
  'orders: of a customer': 'orders(first: 20, filter: { customerId: "CUSTOMER" }) { nodes { id } }',
  'orders: of a customer and a status':
    'orders(first: 20, filter: { customerId: "CUSTOMER", status: [CANCELLED, EXPIRED] }) { nodes { id } }',
  'orders: capped count': 'orders(first: 1) { cappedCount { count isCapped } }',
  'orders: exact count': 'orders(first: 1) { totalCount }',
  'users: first page': 'users(first: 20) { nodes { id email name } }',
  'users: two letters': 'users(first: 20, filter: { search: "a1" }) { nodes { id } }',
  'users: two letters that none has': 'users(first: 20, filter: { search: "zq" }) { nodes { id } }',
  'users: a part of an e-mail': 'users(first: 20, filter: { search: "c4ca4238" }) { nodes { id } }',
  'users: capped count': 'users(first: 1) { cappedCount { count isCapped } }',
  'users: exact count': 'users(first: 1) { totalCount }',
};

/** Measures how lists and counts slow down as orders and accounts become more. It measures the sizes one after the other. */
export async function history({ sizes, requests }: HistoryOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const columns: Map<string, number>[] = [];
  for (const size of sizes) {
    console.log(`Loading ${size.toLocaleString('en-US')} orders and accounts …`);
    const system = await startTestStack();
    try {
      columns.push(await measureAll(system, await loadHistory(system, size), requests));
    } finally {
      await system.stop();
    }
  }
  const head = ['milliseconds', ...sizes.map((size) => size.toLocaleString('en-US')), 'growth'];
  const lines = Object.keys(queries).map((name) => {
    const cells = columns.map((column) => column.get(name) ?? Number.NaN);
    const growth = (cells.at(-1) ?? Number.NaN) / (cells[0] ?? Number.NaN);
    return [name, ...cells.map((cell) => cell.toFixed(1)), `${growth.toFixed(1)}x`];
  });
  const load = `load average ${loadBefore.toFixed(1)} before and ${(os.loadavg()[0] ?? 0).toFixed(1)} after`;
  console.log(
    `\n${os.cpus().length} cores, ${load}, median of ${requests} requests.\n\n${markdownTable(head, lines)}\n`,
  );
}

async function measureAll(system: TestStack, customerId: string, requests: number): Promise<Map<string, number>> {
  const { login } = await system.anonymous.request(Login, { input: system.stack.admin });
  const staff = system.anonymous.as(expectSuccess(login).tokens.accessToken);
  const measured = new Map<string, number>();
  for (const [name, selection] of Object.entries(queries))
    measured.set(name, await measure(staff, `{ ${selection.replaceAll('CUSTOMER', customerId)} }`, requests));
  return measured;
}

/** The median of the requests' times, in milliseconds. */
async function measure(staff: GraphqlClient, query: string, requests: number): Promise<number> {
  const times: number[] = [];
  for (let request = -WARM_UP; request < requests; request += 1) {
    const start = performance.now();
    await staff.request(query);
    if (request >= 0) times.push(performance.now() - start);
  }
  return median(times);
}
