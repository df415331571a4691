import { findMetricsPort } from '@shop/contracts';
import { createLogger, Metrics, type RunningMetricsServer, startMetricsServer } from '@shop/process';
import { freePortRange, processNames } from '@shop/stack';
import { runCommand } from './run-command.ts';

const logger = createLogger({ service: 'order', destination: { write: () => undefined } });
let base: number;
let server: RunningMetricsServer;

beforeAll(async () => {
  base = await freePortRange(processNames.length);
  const port = findMetricsPort(base, 'order');
  server = await startMetricsServer({ metrics: new Metrics(), host: '127.0.0.1', port, logger });
});
afterAll(() => server.close());

const run = (...args: string[]) => runCommand(['log-level', ...args], { env: { METRICS_PORT: String(base) } });

test('shows and changes the level of a running process', async () => {
  expect((await run('order')).stdout).toMatch(/PROCESS +LEVEL +CONFIGURED +UNTIL\norder +info +info +-\n/);
  const { code, stdout } = await run('order', 'debug', '--minutes', '5', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    { process: 'order', level: 'debug', configured: 'info', until: expect.any(String) as string },
  ]);
  expect(logger.level).toBe('debug');
  await run('order', 'info');
  expect(logger.level).toBe('info');
});

test('a process that is not there, and a wrong level, are reported', async () => {
  const away = await run('product');
  expect([away.code, away.stderr]).toEqual([3, expect.stringContaining('product does not answer at port')]);
  expect((await run('order', 'loud')).code).toBe(2);
});
