import { randomUUID } from 'node:crypto';
import { Login, PayOrder } from '@shop/client';
import { processNames } from '@shop/stack';
import { eventually } from '@shop/testing';
import { findProgram } from '../gateway/test/programs.ts';
import { readPanelQueries, readRules } from './observability/files.ts';
import { startPrometheus, type RunningPrometheus } from './observability/prometheus.ts';
import { openSharedShop, placeOrder, registerCustomer, requireMember, type SharedShop, untilStatus } from './shop.ts';

const program = findProgram('prometheus');
const title = program === undefined ? 'Prometheus (skipped: prometheus was not found)' : 'Prometheus';

let shop: SharedShop;
let prometheus: RunningPrometheus | undefined;

(program === undefined ? describe.skip : describe)(title, () => {
  beforeAll(async () => {
    shop = await openSharedShop();
    // Counters begin to exist with the first order. Prometheus sees the second one as an increase.
    await useEverything();
    prometheus = await startPrometheus(String(program), shop.system.metricsUrls);
    await eventually(async () => expect(await prometheus?.query('up == 1')).toHaveLength(processNames.length));
    await useEverything();
  }, 300_000);
  afterAll(() => prometheus?.stop());

  /** An order with its reservation and its payment, and a sign-in that fails. */
  async function useEverything(): Promise<void> {
    const { client, email } = await registerCustomer(shop.anonymous);
    await shop.anonymous.request(Login, { input: { email, password: 'a wrong pass phrase' } });
    await client.execute('{ missing }');
    const { order } = await placeOrder(client, [[await shop.newProduct(), 1]]);
    await untilStatus(client, order.id, 'RESERVED');
    const { payOrder } = await client.request(PayOrder, {
      input: { orderId: order.id, paymentToken: 'tok_visa', idempotencyKey: randomUUID() },
    });
    requireMember(payOrder, 'PayOrderSuccess');
  }

  test('evaluates every rule without an error', async () => {
    await eventually(async () => {
      const rules = (await prometheus?.readRules()) ?? [];
      expect(rules.map(({ name }) => name).sort()).toEqual(
        readRules()
          .map(({ record, alert }) => String(record ?? alert))
          .sort(),
      );
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    });
  });

  test('answers the query of each panel, and finds what must be there, with the labels of its legend', async () => {
    const queries = readPanelQueries();
    await eventually(
      async () => {
        const missing: string[] = [];
        for (const { name, expr, legend, mayBeEmpty } of queries) {
          const result = (await prometheus?.query(expr)) ?? [];
          const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
          const isComplete = result.every(({ metric }) => labels.every((label) => label in metric));
          if (!isComplete || (result.length === 0 && !mayBeEmpty)) missing.push(name);
        }
        expect(missing).toEqual([]);
      },
      { timeoutMs: 120_000 },
    );
  });

  test('answers the expression of each alert, and finds nothing critical in a system that works', async () => {
    const alerts = readRules().filter(({ alert }) => alert !== undefined);
    for (const { expr } of alerts) await expect(prometheus?.query(expr)).resolves.toBeDefined();
    await expect(prometheus?.query('sum by (a) (rate(up))')).rejects.toThrow('expected type range vector');
    // Other tests on this system let operations fail on purpose.
    const critical = alerts.filter(
      ({ alert, labels }) => labels?.['severity'] === 'critical' && !alert?.includes('Budget'),
    );
    expect(critical.length).toBeGreaterThan(8);
    await eventually(async () => {
      for (const { alert, expr } of critical) expect([alert, await prometheus?.query(expr)]).toEqual([alert, []]);
    });
  });
});
