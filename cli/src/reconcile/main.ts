import { findDatabaseUrl } from '../databases/database-urls.ts';
import { ExpectedError, ConfigError } from '@shop/process';
import { readDatabaseConfig } from '@shop/stack';
import { reconcile } from './reconcile.ts';

const USAGE = `Proves that what is kept twice says the same, and exits 1 where it does not. It only reads, and may run at any time.

  npm run reconcile

ledger          each stock is what its movements add up to, and each movement goes on from the one before
reservations    what is reserved is what open reservations hold
history         each order is what its history says
payments        each paid order has one payment of its total, no other money is kept, and none waits for longer than a minute
provider        what the payment provider has charged and given back is what we have recorded
outbox          no event has waited for longer than a minute
order-stock     each order has the stock that its status says
catalogue-copy  the order subgraph's copy of the catalogue is the catalogue

The databases are those of the stack that runs on DATA_DIR, or those that USER_DATABASE_URL, PRODUCT_DATABASE_URL and
ORDER_DATABASE_URL name.`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(): Promise<number> {
  const config = readDatabaseConfig();
  const [user, product, order] = [
    await findDatabaseUrl('user', config),
    await findDatabaseUrl('product', config),
    await findDatabaseUrl('order', config),
  ];
  const { differences, warnings } = await reconcile({ databaseUrls: { user, product, order } });
  for (const { check, subject, message } of differences) print(`${check}: ${subject}: ${message}`);
  for (const warning of warnings) print(`warning: ${warning}`);
  print(differences.length === 0 ? 'All of it adds up: no differences.' : `${differences.length} differences.`);
  return differences.length === 0 ? 0 : 1;
}

const [argument] = process.argv.slice(2);
if (argument !== undefined) {
  print(USAGE);
  process.exitCode = argument === '--help' || argument === '-h' ? 0 : 1;
} else {
  try {
    process.exitCode = await run();
  } catch (error) {
    const isExpected = error instanceof ExpectedError || error instanceof ConfigError;
    const { message, stack, code } = error as Error & { code?: string };
    process.stderr.write(`${isExpected || code !== undefined ? message || code : (stack ?? message)}\n`);
    process.exitCode = 1;
  }
}
