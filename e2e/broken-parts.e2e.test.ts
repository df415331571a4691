import { jest } from '@jest/globals';
import { testBrokerLosses } from './broken-parts/broker-forgets.ts';
import { testChecks } from './broken-parts/checks.ts';
import { testOutages } from './broken-parts/outages.ts';
import { testPayments } from './broken-parts/payments.ts';
import { testRestarts } from './broken-parts/restarts.ts';
import { testWatching } from './broken-parts/watching.ts';
import { newJournal } from './faults/load/journal.ts';
import { openShop, type Shop } from './shop.ts';

// Each step waits for up to a minute on a busy machine.
jest.setTimeout(500_000);

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ env: { SUBGRAPH_TIMEOUT_MS: '30000' } });
});
afterAll(() => shop?.stop());

// One system for all, since each heals what it breaks. The first two know every order of the system, so they come first.
const opened = () => shop;
const journal = newJournal();
describe('the checks of the fault tests', () => testChecks(opened, journal));
describe('the broker forgets', () => testBrokerLosses(opened, journal));
describe('payments', () => testPayments(opened));
describe('outages', () => testOutages(opened));
describe('watching', () => testWatching(opened));
describe('restarts', () => testRestarts(opened));
