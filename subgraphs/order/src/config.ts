import { errorExposureFields, fields, loadConfig } from '@shop/process';
import { z } from 'zod';
import type { OrderLimits } from './domain/order-limits.ts';

/** The values beyond which a customer's unpaid orders are refused in production, in minor units. */
const presetValues = 'AUD:2000000,CAD:2000000,CHF:2000000,EUR:2000000,GBP:2000000,JPY:3000000,USD:2000000,*:1000000000';

/** Amounts in minor units by currency, as in `EUR:100000,*:500000`, or empty. */
const amounts = () =>
  z
    .string()
    .regex(/^((?:[A-Z]{3}|\*):\d{1,15}(?:,(?:[A-Z]{3}|\*):\d{1,15})*)?$/, {
      message: 'must be amounts in minor units by currency, such as EUR:100000,*:500000, or empty',
    })
    .transform((text) =>
      Object.fromEntries(
        text
          .split(',')
          .filter(Boolean)
          .map((part) => part.split(':'))
          .map(([currency, amount]) => [String(currency), Number(amount)]),
      ),
    );

/** Configuration that only the order subgraph has. Limits of customers are off by default outside production. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const isProduction = env['NODE_ENV'] === 'production';
  const read = loadConfig(
    'order',
    {
      NODE_ENV: errorExposureFields.NODE_ENV,
      REQUIRE_VERIFIED_EMAIL: fields.flag(false),
      ARCHIVE_AFTER_DAYS: fields.integer(0, 0, 36_500),
      RESERVATION_SECONDS: fields.integer(900, 1, 2_592_000),
      ORDER_LIMIT_OPEN_ORDERS: fields.integer(isProduction ? 20 : 0, 0, 1_000_000),
      ORDER_LIMIT_UNITS_OF_PRODUCT: fields.integer(isProduction ? 1_000 : 0, 0, 1_000_000_000),
      ORDER_LIMIT_RESERVED_VALUE: amounts().prefault(isProduction ? presetValues : ''),
    },
    env,
  );
  const values = Object.entries(read.ORDER_LIMIT_RESERVED_VALUE).filter(([, amount]) => amount > 0);
  const limits: OrderLimits = {
    ...(read.ORDER_LIMIT_OPEN_ORDERS === 0 ? {} : { openOrders: read.ORDER_LIMIT_OPEN_ORDERS }),
    ...(read.ORDER_LIMIT_UNITS_OF_PRODUCT === 0 ? {} : { unitsOfProduct: read.ORDER_LIMIT_UNITS_OF_PRODUCT }),
    ...(values.length === 0 ? {} : { reservedValue: Object.fromEntries(values) }),
  };
  return {
    requireVerifiedEmail: read.REQUIRE_VERIFIED_EMAIL,
    archiveAfterDays: read.ARCHIVE_AFTER_DAYS,
    reservationSeconds: read.RESERVATION_SECONDS,
    orderLimits: limits,
  };
}
