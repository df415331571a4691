import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@shop/stack';
import { generateCategories, generateProducts } from '../catalogue/generate-catalogue.ts';
import { startProgram } from '../gateway/start-program.ts';
import { readCpuTimes } from '../orders/cpu-times.ts';
import { installPackages } from '../peers/install.ts';
import { startPeerDatabase } from './database.ts';
import { runProgram } from './run-program.ts';
import type { Step } from './sequence.ts';
import { emailOf, listStarts, password, type Contents, type Line, type Shop } from './shop.ts';

const version = '2.21.2';
const dependencies = { '@medusajs/medusa': version, '@medusajs/framework': version, '@medusajs/cli': version };
const admin = 'admin@example.com';
const CHUNK = 100;

/** A project without code of its own: the modules that are its defaults, with events, caches and workflows in the server's memory. */
const config = `const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { ssl: false, sslmode: 'disable' },
    http: {
      storeCors: 'http://localhost',
      adminCors: 'http://localhost',
      authCors: 'http://localhost',
      jwtSecret: 'benchmark',
      cookieSecret: 'benchmark',
    },
  },
  admin: { disable: true },
});
`;

const FIELDS =
  'fields=id,title,handle,*categories,variants.id,*variants.calculated_price,variants.inventory_quantity&region_id=<<region>>';

const list: Step = {
  method: 'GET',
  path: `/store/products?limit=20&offset=<<offset>>&${FIELDS}`,
  expected: '"inventory_quantity"',
};

const product: Step = {
  method: 'GET',
  path: `/store/products/<<product>>?${FIELDS.replace('title', 'title,description')}`,
  expected: '"inventory_quantity"',
};

/** The calls that place an order. The manual payment is authorised by the last one. */
const order: Step[] = [
  {
    method: 'POST',
    path: '/store/carts',
    body: JSON.stringify({
      region_id: '<<region>>',
      items: [{ variant_id: '<<variant>>', quantity: 1 }],
      shipping_address: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        address_1: '1 Main Street',
        city: 'Springfield',
        postal_code: '12345',
        country_code: 'us',
      },
    }),
    expected: '"cart"',
    kept: { cart: '"id":"(cart_\\w+)"' },
  },
  {
    method: 'POST',
    path: '/store/carts/<<cart>>/shipping-methods',
    body: JSON.stringify({ option_id: '<<shipping>>' }),
    expected: '"cart"',
  },
  {
    method: 'POST',
    path: '/store/payment-collections',
    body: JSON.stringify({ cart_id: '<<cart>>' }),
    expected: '"payment_collection"',
    kept: { payment: '"id":"(pay_col_\\w+)"' },
  },
  {
    method: 'POST',
    path: '/store/payment-collections/<<payment>>/payment-sessions',
    body: JSON.stringify({ provider_id: 'pp_system_default' }),
    expected: '"payment_sessions"',
  },
  { method: 'POST', path: '/store/carts/<<cart>>/complete', body: '{}', expected: '"type":"order"' },
];

/** Medusa as one process, which is server and worker by default. */
export async function startMedusa(
  { products: count, customers }: Contents,
  { directory: parent, peersFolder }: { directory: string; peersFolder: string },
): Promise<Shop> {
  const folder = path.join(peersFolder, 'medusa');
  const modules = await installPackages(folder, dependencies);
  const directory = path.join(parent, 'medusa');
  await mkdir(directory);
  await symlink(modules, path.join(directory, 'node_modules'));
  // Its commands run where a package.json names it.
  await writeFile(path.join(directory, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await writeFile(path.join(directory, 'medusa-config.js'), config);
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const database = await startPeerDatabase(path.join(directory, 'postgres'), 'medusa');
    ends.push(database.stop);
    const env = { DATABASE_URL: database.url, LOG_LEVEL: 'warn', MEDUSA_DISABLE_TELEMETRY: 'true' };
    const commandOf = (...args: string[]): string[] => [
      process.execPath,
      path.join(modules, '@medusajs/cli/cli.js'),
      ...args,
    ];
    await runProgram(commandOf('db:migrate'), { directory, env });
    await runProgram(commandOf('user', '-e', admin, '-p', password), { directory, env });

    const label = `Medusa ${version}`;
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const start = () =>
      startProgram({
        label,
        command: commandOf('start', '-H', '127.0.0.1', '-p', String(port)),
        directory,
        url: origin,
        ask: () => fetch(`${origin}/health`),
        env,
      });
    let server = await start();
    ends.push(() => server.stop());
    const filled = await fillShop(origin, count);
    // The sessions of the database that loaded the products do not wait for the disk. New ones do.
    await server.stop();
    await database.finishLoading();
    server = await start();

    const store = { 'x-publishable-api-key': filled.apiKey };
    const headers: Record<string, string>[] = [];
    for (let customer = 0; customer < customers; customer += 1)
      headers.push({ ...store, authorization: `Bearer ${await createCustomer(origin, store, emailOf(customer))}` });
    const { ids, variants, region, shipping } = filled;
    const common = {
      origin,
      values: {
        product: ids,
        variant: variants,
        region: [region],
        shipping: [shipping],
        offset: listStarts(count).map(String),
      },
      readCpu: () => readCpuTimes({ server: server.pid }, database.pid),
    };
    const reading = { ...common, label, headersOfClients: async () => [store] };
    const lines: Line[] = [
      { ...reading, row: 'list', steps: [list] },
      { ...reading, row: 'product', steps: [product] },
      { ...common, row: 'order', label, steps: order, headersOfClients: async () => headers },
    ];
    return { lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Headers = Readonly<Record<string, string>>;

async function call<Answer>(url: string, headers: Headers, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Medusa answers ${url} with ${response.status}: ${text.slice(0, 1_000)}`);
  return JSON.parse(text) as Answer;
}

interface Filled {
  readonly apiKey: string;
  readonly region: string;
  readonly shipping: string;
  readonly ids: readonly string[];
  readonly variants: readonly string[];
}

interface Identified {
  readonly id: string;
}

/** Sets the shop up and fills it by its admin API: one region, one stock location, one way of shipping, and the products. */
async function fillShop(origin: string, count: number): Promise<Filled> {
  const { token } = await call<{ token: string }>(`${origin}/auth/user/emailpass`, {}, { email: admin, password });
  const headers = { authorization: `Bearer ${token}` };
  const read = <Answer>(what: string) => call<Answer>(`${origin}/admin/${what}`, headers);
  const write = <Answer>(what: string, body: object) => call<Answer>(`${origin}/admin/${what}`, headers, body);

  // The first start created a sales channel and a key for it. With a second channel, every list would be filtered by channels.
  const { sales_channels: channels } = await read<{ sales_channels: Identified[] }>('sales-channels');
  const channel = channels[0]?.id ?? '';
  const { api_keys: keys } = await read<{ api_keys: { token: string }[] }>('api-keys?type=publishable&fields=id,token');
  const { stores } = await read<{ stores: Identified[] }>('stores');
  await write(`stores/${stores[0]?.id}`, {
    supported_currencies: [{ currency_code: 'usd', is_default: true }],
    default_sales_channel_id: channel,
  });
  const { region } = await write<{ region: Identified }>('regions', {
    name: 'United States',
    currency_code: 'usd',
    countries: ['us'],
    payment_providers: ['pp_system_default'],
  });
  await write('tax-regions', { country_code: 'us', provider_id: 'tp_system' });
  const { profile, shipping, location } = await createShipping(read, write, channel);

  const categories = new Map<string, string>();
  for (const { id, slug, name } of generateCategories().categories) {
    const { product_category: created } = await write<{ product_category: Identified }>('product-categories', {
      name,
      handle: slug,
      is_active: true,
    });
    categories.set(id, created.id);
  }
  const products = [...generateProducts(count)];
  const [ids, variants]: [string[], string[]] = [[], []];
  for (let first = 0; first < count; first += CHUNK) {
    const chunk = products.slice(first, first + CHUNK);
    const { created } = await write<{ created: { id: string; variants: Identified[] }[] }>('products/batch', {
      create: chunk.map(({ name, sku, description, categoryId, priceMinor }) => ({
        title: name,
        handle: sku.toLowerCase(),
        description,
        status: 'published',
        categories: [{ id: categories.get(categoryId) }],
        shipping_profile_id: profile,
        sales_channels: [{ id: channel }],
        options: [{ title: 'Kind', values: ['Default'] }],
        variants: [
          {
            title: 'Default',
            sku,
            manage_inventory: true,
            options: { Kind: 'Default' },
            prices: [{ currency_code: 'usd', amount: priceMinor / 100 }],
          },
        ],
      })),
    });
    ids.push(...created.map(({ id }) => id));
    variants.push(...created.map((each) => each.variants[0]?.id ?? ''));
    if ((first + CHUNK) % 1_000 === 0) console.log(`  ${first + CHUNK} products`);
  }
  await stockProducts(read, write, location, new Map(products.map(({ sku, onHand }) => [sku, onHand])));
  return { apiKey: keys[0]?.token ?? '', region: region.id, shipping, ids, variants };
}

type Read = <Answer>(what: string) => Promise<Answer>;
type Write = <Answer>(what: string, body: object) => Promise<Answer>;

async function createShipping(
  read: Read,
  write: Write,
  channel: string,
): Promise<{ profile: string; shipping: string; location: string }> {
  const { stock_location: location } = await write<{ stock_location: Identified }>('stock-locations', { name: 'Main' });
  const ofLocation = `stock-locations/${location.id}`;
  await write(`${ofLocation}/sales-channels`, { add: [channel] });
  await write(`${ofLocation}/fulfillment-providers`, { add: ['manual_manual'] });
  const { stock_location: shippingFrom } = await write<{ stock_location: { fulfillment_sets: Identified[] } }>(
    `${ofLocation}/fulfillment-sets?fields=*fulfillment_sets`,
    { name: 'Shipping', type: 'shipping' },
  );
  const { fulfillment_set: set } = await write<{ fulfillment_set: { service_zones: Identified[] } }>(
    `fulfillment-sets/${shippingFrom.fulfillment_sets[0]?.id}/service-zones`,
    { name: 'United States', geo_zones: [{ type: 'country', country_code: 'us' }] },
  );
  const { shipping_profiles: profiles } = await read<{ shipping_profiles: Identified[] }>('shipping-profiles');
  const profile =
    profiles[0] ??
    (await write<{ shipping_profile: Identified }>('shipping-profiles', { name: 'Default', type: 'default' }))
      .shipping_profile;
  const { shipping_option: option } = await write<{ shipping_option: Identified }>('shipping-options', {
    name: 'Standard',
    service_zone_id: set.service_zones[0]?.id,
    shipping_profile_id: profile.id,
    provider_id: 'manual_manual',
    price_type: 'flat',
    type: { label: 'Standard', description: 'Standard', code: 'standard' },
    prices: [{ currency_code: 'usd', amount: 5 }],
    rules: [
      { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
      { attribute: 'is_return', value: 'false', operator: 'eq' },
    ],
  });
  return { profile: profile.id, shipping: option.id, location: location.id };
}

async function stockProducts(
  read: Read,
  write: Write,
  location: string,
  units: ReadonlyMap<string, number>,
): Promise<void> {
  for (let offset = 0; offset < units.size; offset += 500) {
    const { inventory_items: items } = await read<{ inventory_items: { id: string; sku: string }[] }>(
      `inventory-items?limit=500&offset=${offset}&order=id&fields=id,sku`,
    );
    await write('inventory-items/location-levels/batch', {
      create: items.map(({ id, sku }) => ({
        inventory_item_id: id,
        location_id: location,
        stocked_quantity: units.get(sku),
      })),
    });
  }
}

/** Creates an account as a storefront does. Returns its token, which is valid for a day. */
async function createCustomer(origin: string, headers: Headers, email: string): Promise<string> {
  const account = { email, password };
  const register = `${origin}/auth/customer/emailpass/register`;
  const { token: registration } = await call<{ token: string }>(register, headers, account);
  await call(
    `${origin}/store/customers`,
    { ...headers, authorization: `Bearer ${registration}` },
    { email, first_name: 'Ada', last_name: 'Lovelace' },
  );
  return (await call<{ token: string }>(`${origin}/auth/customer/emailpass`, headers, account)).token;
}
