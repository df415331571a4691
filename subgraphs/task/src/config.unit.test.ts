import { readConfig } from './config.ts';

test.each([
  [{}, null],
  [{ SEED: 'none' }, null],
  [{ SEED: 'demo' }, 'OPS'],
  [{ SEED: 'demo', RESTOCK_PROJECT: 'none' }, null],
  [{ SEED: 'demo', RESTOCK_PROJECT: '' }, 'OPS'],
  [{ RESTOCK_PROJECT: 'SHOP' }, 'SHOP'],
])('with %j, tasks of the shop are opened in %s', (env, projectKey) => {
  expect(readConfig(env)).toEqual({ projectKey, lowStockThreshold: 5 });
});

test('the threshold can be set, also to zero', () => {
  expect(readConfig({ LOW_STOCK_THRESHOLD: '0' }).lowStockThreshold).toBe(0);
});

test('mistakes are reported together', () => {
  const wrong = () => readConfig({ RESTOCK_PROJECT: 'ops', LOW_STOCK_THRESHOLD: '-1' });
  expect(wrong).toThrow('RESTOCK_PROJECT: must be the key of a project, such as OPS, or none');
  expect(wrong).toThrow('LOW_STOCK_THRESHOLD: must be from 0 to 1000000');
});
