import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '@shop/testing';
import GithubSlugger from 'github-slugger';
import { parse } from 'yaml';
import { findProgram } from '../gateway/test/programs.ts';
import { prometheusFolder, readPanelQueries, readRules } from './observability/files.ts';
import { readExpression } from './observability/promql.ts';

const promtool = findProgram('promtool');
const withPromtool = promtool === undefined ? test.skip : test;
const note = promtool === undefined ? ' (skipped: promtool was not found)' : '';
const alerts = readRules().filter(({ alert }) => alert !== undefined);
const page = 'docs/operations/alerts.md';

function check(folder: string): { status: number | null; output: string } {
  const list = (name: string) => readdirSync(path.join(folder, name)).map((file) => path.join(folder, name, file));
  for (const args of [
    ['check', 'config', path.join(folder, 'prometheus.yml')],
    ['check', 'rules', '--lint=all', '--lint-fatal', ...list('rules')],
    ['test', 'rules', ...list('tests')],
  ]) {
    const { status, stdout, stderr } = spawnSync(String(promtool), args, { encoding: 'utf8' });
    if (status !== 0) return { status, output: stdout + stderr };
  }
  return { status: 0, output: '' };
}

withPromtool(`promtool accepts the configuration and the rules, and their unit tests pass${note}`, () => {
  expect(check(prometheusFolder)).toEqual({ status: 0, output: '' });
});

withPromtool(`promtool refuses a rule with another bound, and one that cannot be read${note}`, async () => {
  const copy = await temporaryDirectory();
  try {
    cpSync(prometheusFolder, copy.path, { recursive: true });
    const file = path.join(copy.path, 'rules/resources.yml');
    const text = readFileSync(file, 'utf8');
    // The unit tests of this file are enough.
    for (const other of ['customers', 'messaging']) rmSync(path.join(copy.path, `tests/${other}.test.yml`));
    writeFileSync(file, text.replace('avg_over_time(shop_database_pool_waiting[5m]) > 1', '$&0'));
    expect(check(copy.path).output).toContain('alertname: ShopDatabasePoolWaits');
    writeFileSync(file, text.replace('avg_over_time(', 'average_over_time('));
    expect(check(copy.path).output).toContain('unknown function');
  } finally {
    await copy.remove();
  }
});

test('each alert fires in one unit test, and stays silent in another', () => {
  interface Case {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
  }
  const folder = `${prometheusFolder}/tests`;
  const checks = readdirSync(folder)
    .flatMap((file) => (parse(readFileSync(path.join(folder, file), 'utf8')) as { tests: readonly Case[] }).tests)
    .flatMap((one) => one.alert_rule_test);
  const untested = alerts.filter(({ alert }) => {
    const own = checks.filter(({ alertname }) => alertname === alert);
    return !own.some((one) => one.exp_alerts.length > 0) || !own.some((one) => one.exp_alerts.length === 0);
  });
  expect(alerts.length).toBeGreaterThan(25);
  expect(untested.map(({ alert }) => alert)).toEqual([]);
});

test('each alert has a severity, a summary, and a section that says what customers feel and what to do', () => {
  const [, ...sections] = readFileSync(page, 'utf8').split(/^### /m);
  const slugger = new GithubSlugger();
  const anchors = sections.map((text) => {
    const [title = '', ...lines] = text.split('\n');
    const body = lines.join('\n');
    for (const part of ['**Customers**:', '**Look at**:', '**Do**:'])
      expect([title, body.includes(part)]).toEqual([title, true]);
    return `${page}#${slugger.slug(title)}`;
  });
  for (const { alert, labels, annotations } of alerts) {
    expect([alert, labels?.['severity']]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/)]);
    expect([alert, annotations?.['summary']]).toEqual([alert, expect.stringMatching(/\.$/)]);
  }
  expect(alerts.map(({ annotations }) => annotations?.['runbook']).sort()).toEqual(anchors.sort());
});

test('each query of a panel reads metrics of the chosen namespace only', () => {
  const queries = readPanelQueries();
  expect(queries.length).toBeGreaterThan(60);
  for (const { name, expr } of queries)
    for (const metric of readExpression(expr).metrics)
      expect([name, metric]).toEqual([name, { ...metric, matchers: expect.arrayContaining(['namespace']) as unknown }]);
});

test('aggregates of the rules keep the namespace', () => {
  const lost = readRules().flatMap(({ alert, record, expr }) =>
    readExpression(expr)
      .groupings.filter(({ labels }) => !labels.includes('namespace'))
      .map(() => alert ?? record),
  );
  expect(lost).toEqual([]);
});

test('an expression that is not PromQL is refused, and its labels are found', () => {
  expect(() => readExpression('sum by (a) (rate(shop_x[5m])')).toThrow('This is not PromQL');
  expect(readExpression('sum by (a) (rate(shop_x{b="c"}[5m])) / on (d) shop_y > 1')).toEqual({
    metrics: [
      { name: 'shop_x', matchers: ['b'] },
      { name: 'shop_y', matchers: [] },
    ],
    groupings: [
      { labels: ['a'], metrics: ['shop_x'] },
      { labels: ['d'], metrics: ['shop_x', 'shop_y'] },
    ],
  });
});
