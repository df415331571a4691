import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Login, PayOrder } from '@shop/client';
import { serviceNames } from '@shop/contracts';
import { randomUUID } from 'node:crypto';
import { processNames } from '@shop/stack';
import { eventually } from '@shop/testing';
import { readPanelQueries, readRules } from './observability/files.ts';
import { readExpression } from './observability/promql.ts';
import { createGatewayEnv, startProxy, type RunningProxy } from './other-gateways/start-proxy.ts';
import {
  openSharedShop,
  password,
  placeOrder,
  registerCustomer,
  requireMember,
  type RegisteredCustomer,
  type SharedShop,
  untilStatus,
} from './shop.ts';

/** Set to write the reference instead of comparing it. */
const WRITE = process.env['WRITE_METRICS_REFERENCE'] === '1';
const referenceFile = 'docs/operations/metrics.md';

/** The processes with metrics. The signing proxy is beside the system. */
const measured = [...processNames, 'signing-proxy'] as const;

type Measured = (typeof measured)[number];

let shop: SharedShop;
let proxy: RunningProxy;
let customer: RegisteredCustomer;

const getUrl = (name: Measured): string =>
  name === 'signing-proxy' ? new URL(proxy.url).origin : shop.system.urls[name];

async function scrape(name: Measured): Promise<string> {
  const answer = await fetch(name === 'signing-proxy' ? proxy.metricsUrl : shop.system.metricsUrls[name]);
  expect(answer.status).toBe(200);
  return answer.text();
}

/** The sum of a metric's values whose labels contain the given text. */
async function sum(name: Measured, metric: string, labels = ''): Promise<number> {
  const values = [...(await scrape(name)).matchAll(new RegExp(`^${metric}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))];
  return values
    .filter(([, found = '']) => found.includes(labels))
    .reduce((total, [, , value]) => total + Number(value), 0);
}

const callProxy = (accessToken: string): Promise<Response> =>
  fetch(proxy.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: '{ me { email } }' }),
  });

beforeAll(async () => {
  shop = await openSharedShop();
  proxy = await startProxy(createGatewayEnv(shop.system));
  customer = await registerCustomer(shop.anonymous);
  await callProxy(customer.accessToken);
  const product = await shop.newProduct();
  await shop.anonymous.request(Login, { input: { email: customer.email, password: 'a wrong pass phrase' } });
  await shop.anonymous.execute('{ missing }');
  const { order } = await placeOrder(customer.client, [[product, 2]]);
  await untilStatus(customer.client, order.id, 'RESERVED');
  const { payOrder } = await customer.client.request(PayOrder, {
    input: { orderId: order.id, paymentToken: 'tok_visa', idempotencyKey: randomUUID() },
  });
  requireMember(payOrder, 'PayOrderSuccess');
}, 300_000);
afterAll(() => proxy?.stop());

test('the life of an order shows in the metrics of each process that took part', async () => {
  expect(
    await sum('gateway', 'shop_gateway_operations_total', 'operation="PlaceOrder",type="mutation",outcome="ok"'),
  ).toBeGreaterThan(0);
  expect(
    await sum('user', 'shop_mutation_results_total', 'mutation="login",result="InvalidCredentials"'),
  ).toBeGreaterThan(0);
  expect(
    await sum('order', 'shop_mutation_results_total', 'mutation="placeOrder",result="PlaceOrderSuccess"'),
  ).toBeGreaterThan(0);
  expect(await sum('order', 'shop_order_step_delay_seconds_count', 'step="RESERVED"')).toBeGreaterThan(0);
  expect(await sum('order', 'shop_order_step_delay_seconds_count', 'step="PAID"')).toBeGreaterThan(0);
  expect(await sum('order', 'shop_payments_total', 'outcome="SUCCEEDED"')).toBeGreaterThan(0);
  expect(await sum('order', 'shop_relay_published_events_total', 'stream="ORDER"')).toBeGreaterThan(0);
  expect(
    await sum('product', 'shop_consumer_messages_total', 'event="shop.order.created.v1",outcome="handled"'),
  ).toBeGreaterThan(0);
  expect(await sum('product', 'shop_consumer_event_age_seconds_count')).toBeGreaterThan(0);
  await eventually(async () =>
    expect(await sum('notification', 'shop_message_attempts_total', 'outcome="sent"')).toBeGreaterThan(0),
  );
});

test('the signing proxy counts its calls, and the tokens that it refuses', async () => {
  expect((await callProxy(customer.accessToken)).status).toBe(200);
  expect((await callProxy('e30.e30.AAAA')).status).toBe(401);
  const calls = 'shop_gateway_subgraph_calls_total';
  expect(await sum('signing-proxy', calls, 'subgraph="user",outcome="answered"')).toBeGreaterThan(0);
  await eventually(async () =>
    expect(await sum('signing-proxy', 'shop_gateway_rejections_total', 'reason="invalid_token"')).toBe(1),
  );
  expect(await sum('signing-proxy', 'process_cpu_seconds_total')).toBeGreaterThan(0);
});

test.each(measured)('the %s can be scraped in full, and agrees with its health', async (name) => {
  await eventually(async () => {
    const text = await scrape(name);
    expect(text.match(/^shop_collector_up\{.*\} 0$/gm)).toBeNull();
    expect(text).toContain('\nshop_ready 1\n');
    const { checks } = (await (await fetch(`${getUrl(name)}/health/ready`)).json()) as {
      checks: Record<string, { status: string }>;
    };
    for (const [check, { status }] of Object.entries(checks))
      expect(text).toContain(`\nshop_health_check_up{check="${check}"} ${status === 'up' ? 1 : 0}\n`);
  });
  expect((await fetch(`${getUrl(name)}/metrics`)).status).toBe(404);
});

test('no label has a value of a user', async () => {
  for (const name of measured) {
    const text = await scrape(name);
    for (const secret of [customer.id, customer.email, customer.accessToken]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  }
});

test('the reference lists every metric of the system', async () => {
  const metrics = new Map<string, { type: string; help: string; processes: string[] }>();
  for (const name of measured) {
    const found = (await scrape(name)).matchAll(/^# HELP (shop_\w+) (.*)\n# TYPE \w+ (\w+)$/gm);
    for (const [, metric = '', help = '', type = ''] of found) {
      const known = metrics.get(metric) ?? { type, help, processes: [] };
      metrics.set(metric, { ...known, processes: [...known.processes, name] });
    }
  }
  const where = (processes: readonly string[]): string => {
    if (processes.length === measured.length) return 'all';
    if (serviceNames.every((name) => processes.includes(name)) && processes.length === serviceNames.length)
      return 'subgraphs';
    return processes.join(', ');
  };
  const rows = [...metrics]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([metric, { type, help, processes }]) => `- \`${metric}\` (${type}; ${where(processes)}): ${help}.`);
  const text = readFileSync(referenceFile, 'utf8');
  const [start, end] = ['<!-- metrics -->\n', '<!-- end of metrics -->'];
  const written = `${start}\n${rows.join('\n')}\n\n${end}`;
  if (WRITE)
    writeFileSync(
      referenceFile,
      text.replace(new RegExp(`${start}[^]*${end}`), () => written),
    );
  else {
    const listed = text.slice(text.indexOf(start), text.indexOf(end)).replace(/\s+/g, ' ');
    for (const row of rows) expect(listed).toContain(row);
    expect(listed.match(/- `shop_/g)).toHaveLength(rows.length);
  }
});

/** The labels that Prometheus adds, and `namespace`, which a target has in Kubernetes only. */
const targetLabels = ['job', 'instance', 'service', 'namespace'];

/** Metrics that have no value while nothing is wrong, with their labels, which no scrape shows then. */
const silent: Readonly<Record<string, readonly string[]>> = {
  shop_consumer_redeliveries_total: ['consumer'],
  shop_gateway_rate_limiter_shared: [],
  shop_gateway_subgraph_breaker_changes_total: ['subgraph', 'state'],
  shop_gateway_subgraph_resends_total: ['subgraph'],
  shop_healing_events_total: ['consumer'],
  shop_healing_recreations_total: ['kind', 'name'],
  shop_overdue_work: ['work'],
};

/** The labels of each metric that the processes and Prometheus have; undefined while a metric has no value. */
async function readLabels(): Promise<Map<string, Set<string> | undefined>> {
  const labels = new Map<string, Set<string> | undefined>([
    ['up', new Set()],
    ['ALERTS', new Set(['alertname', 'alertstate', 'severity'])],
    ...readRules().flatMap(({ record }) => (record === undefined ? [] : [[record, new Set<string>()] as const])),
  ]);
  for (const name of processNames) {
    const text = await scrape(name);
    for (const [, metric = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm))
      for (const ending of type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
        if (!labels.has(metric + ending)) labels.set(metric + ending, undefined);
    for (const [, metric = '', found = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const names = [...found.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label);
      labels.set(metric, new Set([...(labels.get(metric) ?? []), ...names]));
    }
  }
  return labels;
}

/** The faults of the metrics and the labels in an expression. */
function findUnknown(expr: string, known: ReadonlyMap<string, ReadonlySet<string> | undefined>): string[] {
  const { metrics, groupings } = readExpression(expr);
  const has = (metric: string, label: string): boolean =>
    targetLabels.includes(label) || (known.get(metric)?.has(label) ?? silent[metric]?.includes(label) ?? false);
  return [
    ...metrics.filter(({ name }) => !known.has(name)).map(({ name }) => `there is no metric ${name}`),
    ...metrics.flatMap(({ name, matchers }) =>
      matchers.filter((label) => !has(name, label)).map((label) => `${name} has no label ${label}`),
    ),
    ...groupings.flatMap(({ labels, metrics: below }) =>
      labels
        .filter((label) => !below.some((name) => has(name, label)))
        .map((label) => `no metric has a label ${label}`),
    ),
  ];
}

test('every metric of the rules and the dashboards exists, with the labels that they use', async () => {
  const expressions = [
    ...readRules().map(({ alert, record, expr }) => ({ name: String(alert ?? record), expr })),
    ...readPanelQueries(),
  ];
  const used = new Set(expressions.flatMap(({ expr }) => readExpression(expr).metrics.map(({ name }) => name)));
  await eventually(async () => {
    const known = await readLabels();
    expect(expressions.flatMap(({ name, expr }) => findUnknown(expr, known).map((text) => `${name}: ${text}`))).toEqual(
      [],
    );
    // Of any other metric, the labels must be seen.
    expect([...used].filter((metric) => known.get(metric) === undefined && !(metric in silent))).toEqual([]);
    expect(findUnknown('sum by (wrong) (shop_ready{wrong="1"}) / shop_wrong', known)).toEqual([
      'there is no metric shop_wrong',
      'shop_ready has no label wrong',
      'no metric has a label wrong',
    ]);
  });
});

test('no line of a log has a secret or the address of a person', () => {
  const secrets = [
    customer.email,
    customer.accessToken,
    customer.refreshToken,
    password,
    'a wrong pass phrase',
    'tok_visa',
  ];
  const files = readdirSync(shop.system.logDir).filter((file) => processNames.some((name) => file === `${name}.log`));
  expect(files).toHaveLength(processNames.length);
  for (const file of files) {
    const text = readFileSync(path.join(shop.system.logDir, file), 'utf8');
    for (const secret of secrets) expect([file, text.includes(secret)]).toEqual([file, false]);
    expect(text).not.toMatch(/[?&]token=(?!\[redacted\])/);
    expect(text).not.toMatch(/\beyJ[\w-]{8,}\./);
    expect(text).not.toMatch(/[\w.+-]+@example\.(com|org)/);
  }
  const gatewayLog = readFileSync(path.join(shop.system.logDir, 'gateway.log'), 'utf8');
  expect(gatewayLog).toMatch(/"operation":"PlaceOrder","type":"mutation","status":200,"outcome":"ok"/);
});
