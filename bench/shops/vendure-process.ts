// Vendure's import of products, its server, or its worker, in a process of its own. Vendure is loaded from the folder of peers.
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { VendureSettings } from './vendure.ts';

/** The parts of Vendure that are used here. */
interface Vendure {
  bootstrap(config: object): Promise<App>;
  bootstrapWorker(config: object): Promise<Worker>;
  readonly DefaultLogger: new (options: { level: number }) => object;
  readonly LogLevel: { readonly Warn: number };
  readonly dummyPaymentHandler: object;
  readonly DefaultSchedulerPlugin: Plugin;
  readonly DefaultJobQueuePlugin: Plugin;
  readonly DefaultSearchPlugin: Plugin;
}

interface Plugin {
  init(options: object): object;
}

interface App {
  close(): Promise<void>;
}

interface Worker {
  startJobQueue(): Promise<void>;
  startHealthCheckServer(options: { hostname: string; port: number }): Promise<void>;
}

/** Its functions for filling a new shop. */
interface Populating {
  populateInitialData(app: App, data: object): Promise<void>;
  importProductsFromCsv(app: App, file: string, language: string): Promise<{ imported: number; errors: string[] }>;
  populateCollections(app: App, data: object): Promise<void>;
}

const [role, text = '{}'] = process.argv.slice(2);
const settings = JSON.parse(text) as VendureSettings;
const requirePeer = createRequire(path.join(settings.modules, '..', 'package.json'));
const vendure = requirePeer('@vendure/core') as Vendure;

/** As the project that Vendure's own installer creates, without its user interface, its files of pictures and its mails. */
const config = {
  apiOptions: { hostname: '127.0.0.1', port: settings.port, cors: { origin: ['http://localhost'], credentials: true } },
  authOptions: {
    tokenMethod: ['bearer', 'cookie'],
    superadminCredentials: { identifier: settings.admin, password: settings.password },
  },
  dbConnectionOptions: { type: 'postgres', url: settings.databaseUrl, synchronize: role === 'import', logging: false },
  logger: new vendure.DefaultLogger({ level: vendure.LogLevel.Warn }),
  paymentOptions: { paymentMethodHandlers: [vendure.dummyPaymentHandler] },
  plugins: [
    vendure.DefaultSchedulerPlugin.init({}),
    vendure.DefaultJobQueuePlugin.init({ useDatabaseForBuffer: true }),
    vendure.DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true }),
  ],
};

switch (role) {
  case 'import':
    await importProducts();
    process.exit();
    break;
  case 'server':
    await vendure.bootstrap(config);
    break;
  case 'worker': {
    const worker = await vendure.bootstrapWorker(config);
    await worker.startJobQueue();
    await worker.startHealthCheckServer({ hostname: '127.0.0.1', port: settings.port });
    break;
  }
  default:
    throw new Error(`The role ${role} is unknown.`);
}

async function importProducts(): Promise<void> {
  const app = await vendure.bootstrap(config);
  const { populateInitialData, importProductsFromCsv, populateCollections } = requirePeer(
    '@vendure/core/cli',
  ) as Populating;
  const data = {
    defaultLanguage: 'en',
    defaultZone: 'Americas',
    countries: [{ code: 'US', name: 'United States', zone: 'Americas' }],
    taxRates: [{ name: 'Standard Tax', percentage: 20 }],
    shippingMethods: [{ name: 'Standard', price: 500 }],
    paymentMethods: [
      {
        name: 'Dummy',
        handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
      },
    ],
    collections: settings.collections,
  };
  await populateInitialData(app, data);
  let count = 0;
  for (const file of (await readdir(settings.importFolder)).sort()) {
    const { imported, errors } = await importProductsFromCsv(app, path.join(settings.importFolder, file), 'en');
    if (errors.length > 0) throw new Error(errors.slice(0, 3).join('\n'));
    console.log(`  ${(count += imported)} products`);
  }
  await populateCollections(app, data);
  await app.close();
}
