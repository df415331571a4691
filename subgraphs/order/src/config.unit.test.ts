import { readConfig } from './config.ts';

test('customers have limits in production, and none elsewhere by default', () => {
  expect(readConfig({})).toEqual({
    requireVerifiedEmail: false,
    reservationSeconds: 900,
    archiveAfterDays: 0,
    orderLimits: {},
  });
  expect(readConfig({ NODE_ENV: 'production' }).orderLimits).toMatchObject({
    openOrders: 20,
    unitsOfProduct: 1_000,
    reservedValue: { EUR: 2_000_000, '*': 1_000_000_000 },
  });
});

test('each limit can be set and turned off', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig({ NODE_ENV: 'production', ...env }).orderLimits;
  expect(
    read({
      ORDER_LIMIT_OPEN_ORDERS: '0',
      ORDER_LIMIT_UNITS_OF_PRODUCT: '5',
      ORDER_LIMIT_RESERVED_VALUE: 'EUR:100,USD:0',
    }),
  ).toEqual({ unitsOfProduct: 5, reservedValue: { EUR: 100 } });
  expect(() => read({ ORDER_LIMIT_RESERVED_VALUE: 'euro' })).toThrow('ORDER_LIMIT_RESERVED_VALUE: must be amounts');
});
