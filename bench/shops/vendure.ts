import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@shop/stack';
import { eventually } from '@shop/testing';
import { generateCategories, generateProducts } from '../catalogue/generate-catalogue.ts';
import { startProgram } from '../gateway/start-program.ts';
import { readCpuTimes } from '../orders/cpu-times.ts';
import { installPackages } from '../peers/install.ts';
import { startPeerDatabase } from './database.ts';
import { runProgram } from './run-program.ts';
import { graphqlStep, numberFor, type Step } from './sequence.ts';
import { emailOf, listStarts, password, type Contents, type Line, type Shop } from './shop.ts';

const version = '3.7.3';
const dependencies = { '@vendure/core': version, pg: '8.16.3' };

/** Settings of its process. */
export interface VendureSettings {
  readonly modules: string;
  readonly databaseUrl: string;
  readonly port: number;
  readonly admin: string;
  readonly password: string;
  /** A folder of CSV files with products, and what they are grouped by. */
  readonly importFolder: string;
  readonly collections: readonly object[];
}

const shopApi = '/shop-api';
const SUCCESS = '{ __typename ... on Order { state } ... on ErrorResult { errorCode message } }';
const FIELDS = 'id name slug collections { slug name } variants { id priceWithTax currencyCode stockLevel }';

const list = graphqlStep(
  shopApi,
  {
    query: `query List($skip: Int!) { products(options: { skip: $skip, take: 20 }) { items { ${FIELDS} } } }`,
    variables: { skip: numberFor('skip') },
  },
  { expected: '"stockLevel"' },
);

const listFromIndex = graphqlStep(
  shopApi,
  {
    query: `query Search($skip: Int!) {
      search(input: { skip: $skip, take: 20, groupByProduct: true }) { items {
        productId productName slug collectionIds currencyCode inStock
        priceWithTax { ... on PriceRange { min max } ... on SinglePrice { value } }
      } }
    }`,
    variables: { skip: numberFor('skip') },
  },
  { expected: '"inStock"' },
);

const product = graphqlStep(
  shopApi,
  {
    query: `query ProductById($id: ID!) { product(id: $id) { ${FIELDS} description } }`,
    variables: { id: '<<product>>' },
  },
  { expected: '"stockLevel"' },
);

/** The mutations that place and pay an order. The shipping method is the only one, so a client knows it. */
const mutations = [
  [`addItemToOrder(productVariantId: "<<variant>>", quantity: 1) ${SUCCESS}`, '"AddingItems"'],
  [
    'setOrderShippingAddress(input: { fullName: "Ada", streetLine1: "1 Main Street", city: "Springfield", ' +
      `postalCode: "12345", countryCode: "US" }) ${SUCCESS}`,
    '"AddingItems"',
  ],
  [`setOrderShippingMethod(shippingMethodId: ["<<shipping>>"]) ${SUCCESS}`, '"AddingItems"'],
  [`transitionOrderToState(state: "ArrangingPayment") ${SUCCESS}`, '"ArrangingPayment"'],
  [`addPaymentToOrder(input: { method: "dummy", metadata: {} }) ${SUCCESS}`, '"PaymentSettled"'],
] as const;

const orderStepByStep: Step[] = mutations.map(([mutation, expected]) =>
  graphqlStep(shopApi, { query: `mutation { ${mutation} }` }, { expected }),
);

/** GraphQL executes the mutations of a request one after another. */
const orderAtOnce = graphqlStep(
  shopApi,
  { query: `mutation { ${mutations.map(([mutation]) => mutation).join('\n')} }` },
  { expected: '"PaymentSettled"' },
);

/** Vendure with its server and its worker, as its installer's project runs them. */
export async function startVendure(
  { products: count, customers }: Contents,
  { directory: parent, peersFolder }: { directory: string; peersFolder: string },
): Promise<Shop> {
  const modules = await installPackages(path.join(peersFolder, 'vendure'), dependencies);
  const directory = path.join(parent, 'vendure');
  const importFolder = path.join(directory, 'import');
  await mkdir(importFolder, { recursive: true });
  const collections = await writeProducts(importFolder, count);
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const database = await startPeerDatabase(path.join(directory, 'postgres'), 'vendure');
    ends.push(database.stop);
    const settingsWith = (port: number): VendureSettings => ({
      modules,
      databaseUrl: database.url,
      port,
      admin: 'superadmin',
      password,
      importFolder,
      collections,
    });
    const commandOf = (role: string, port: number): string[] => [
      process.execPath,
      path.resolve('dist/bench-shops-vendure.js'),
      role,
      JSON.stringify(settingsWith(port)),
    ];
    const env = { VENDURE_DISABLE_TELEMETRY: 'true' };
    await runProgram(commandOf('import', await freePort()), { directory, env });
    // The index is made from all products below. Each of these jobs would index one, and the worker takes five in a second.
    const dropIndexJobs = (): Promise<void> =>
      database.query(`DELETE FROM job_record WHERE "queueName" = 'update-search-index' AND state <> 'RUNNING'`);
    await dropIndexJobs();
    await database.finishLoading();

    const label = `Vendure ${version}`;
    const [port, workerPort] = [await freePort(), await freePort()];
    const origin = `http://127.0.0.1:${port}`;
    const server = await startProgram({
      label,
      command: commandOf('server', port),
      directory,
      url: origin + shopApi,
      env,
    });
    ends.push(server.stop);
    const worker = await startProgram({
      label: `the worker of ${label}`,
      command: commandOf('worker', workerPort),
      directory,
      url: `http://127.0.0.1:${workerPort}/health`,
      ask: () => fetch(`http://127.0.0.1:${workerPort}/health`),
      env,
    });
    ends.push(worker.stop);

    const admin = await signIn(`${origin}/admin-api`, 'superadmin');
    const untilJobsAreDone = (): Promise<void> =>
      eventually(
        async () => {
          const { data } = await ask<{ jobs: { totalItems: number } }>(admin, unfinishedJobs);
          if (data.jobs.totalItems > 0) throw new Error(`${data.jobs.totalItems} jobs of Vendure are not done.`);
        },
        { timeoutMs: 600_000 },
      );
    console.log('  putting products into collections and into the search index …');
    await eventually(
      async () => {
        const { data } = await ask<{ jobs: { totalItems: number } }>(admin, collectionJobs);
        if (data.jobs.totalItems > 0) throw new Error('Products are not in their collections yet.');
      },
      { timeoutMs: 600_000 },
    );
    await dropIndexJobs();
    await ask(admin, 'mutation { reindex { id } }');
    await untilJobsAreDone();
    for (let customer = 0; customer < customers; customer += 1)
      await ask(
        admin,
        `mutation { createCustomer(
          input: { firstName: "Ada", lastName: "Lovelace", emailAddress: "${emailOf(customer)}" }, password: "${password}"
        ) { __typename ... on ErrorResult { message } } }`,
      );
    const { data: methods } = await ask<{ shippingMethods: { items: { id: string }[] } }>(
      admin,
      '{ shippingMethods { items { id } } }',
    );
    const shipping = methods.shippingMethods.items[0]?.id ?? '';
    const { ids, variants } = await listProducts(admin, count);
    await database.query('VACUUM ANALYZE');

    const headers: Record<string, string>[] = [];
    for (let customer = 0; customer < customers; customer += 1)
      headers.push((await signIn(origin + shopApi, emailOf(customer))).headers);
    const common = {
      origin,
      values: { product: ids, variant: variants, shipping: [shipping], skip: listStarts(count).map(String) },
      readCpu: () => readCpuTimes({ server: server.pid, worker: worker.pid }, database.pid),
    };
    const ordering = {
      ...common,
      row: 'order',
      headersOfClients: async () => headers,
      finish: async () => {
        await dropIndexJobs();
        return {};
      },
    } as const;
    const lines: Line[] = [
      { ...common, row: 'list', label, steps: [list] },
      { ...common, row: 'list', label: `${label}, its search index`, steps: [listFromIndex] },
      { ...common, row: 'product', label, steps: [product] },
      { ...ordering, label, steps: orderStepByStep },
      { ...ordering, label: `${label}, in one request`, steps: [orderAtOnce] },
    ];
    return { lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Writes the products as files of its importer, and returns a collection for each category. */
async function writeProducts(folder: string, count: number): Promise<object[]> {
  const { categories } = generateCategories();
  const slugs = new Map(categories.map(({ id, slug }) => [id, slug]));
  const head =
    'name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,' +
    'variantAssets,variantFacets';
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const products = [...generateProducts(count)];
  for (let start = 0; start < count; start += 1_000) {
    const lines = products
      .slice(start, start + 1_000)
      .map(({ name, sku, description, categoryId, priceMinor, onHand }) =>
        [
          quote(name),
          sku.toLowerCase(),
          quote(description),
          '',
          `category:${slugs.get(categoryId)}`,
          '',
          '',
          sku,
          (priceMinor / 100).toFixed(2),
          'Standard Tax',
          onHand,
          'true',
          '',
          '',
        ].join(','),
      );
    const file = `${String(start).padStart(7, '0')}.csv`;
    await writeFile(path.join(folder, file), `${[head, ...lines].join('\n')}\n`);
  }
  const used = new Set(products.map(({ categoryId }) => categoryId));
  return categories
    .filter(({ id }) => used.has(id))
    .map(({ slug, name }) => ({
      name,
      slug,
      filters: [{ code: 'facet-value-filter', args: { facetValueNames: [`category:${slug}`], containsAny: false } }],
    }));
}

const unfinishedJobs =
  '{ jobs(options: { take: 1, filter: { state: { in: ["PENDING", "RUNNING", "RETRYING"] } } }) { totalItems } }';
const collectionJobs = `{ jobs(options: { take: 1, filter: {
  state: { in: ["PENDING", "RUNNING", "RETRYING"] }, queueName: { eq: "apply-collection-filters" }
} }) { totalItems } }`;

interface Session {
  readonly url: string;
  readonly headers: Record<string, string>;
}

async function ask<Data>(
  { url, headers }: Session,
  query: string,
): Promise<{ readonly data: Data; readonly token: string | null }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as { data?: Data; errors?: unknown };
  if (answer.errors !== undefined || answer.data === undefined)
    throw new Error(`Vendure refuses ${query}: ${JSON.stringify(answer.errors)}`);
  return { data: answer.data, token: response.headers.get('vendure-auth-token') };
}

async function signIn(url: string, username: string): Promise<Session> {
  const login = `mutation { login(username: "${username}", password: "${password}") { __typename } }`;
  const { token } = await ask({ url, headers: {} }, login);
  if (token === null) throw new Error(`Vendure does not let ${username} sign in.`);
  return { url, headers: { authorization: `Bearer ${token}` } };
}

async function listProducts(admin: Session, count: number): Promise<{ ids: string[]; variants: string[] }> {
  const [ids, variants]: [string[], string[]] = [[], []];
  while (ids.length < count) {
    const { data } = await ask<{ products: { items: { id: string; variants: { id: string }[] }[] } }>(
      admin,
      `{ products(options: { skip: ${ids.length}, take: 500, sort: { id: ASC } }) { items { id variants { id } } } }`,
    );
    if (data.products.items.length === 0) throw new Error(`Vendure has ${ids.length} products instead of ${count}.`);
    ids.push(...data.products.items.map(({ id }) => id));
    variants.push(...data.products.items.map((item) => item.variants[0]?.id ?? ''));
  }
  return { ids, variants };
}
