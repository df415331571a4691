import { randomUUID } from 'node:crypto';
import { CreateProduct, expectSuccess, Login, Register } from '@shop/client';
import type { TestStack } from '@shop/testing';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import type { Basket } from './options.ts';

const PRODUCTS = 1_000;
const CUSTOMERS = 64;

/** The customers who order, and the products. */
export interface Scene {
  readonly accessTokens: readonly string[];
  readonly productIds: Readonly<Record<Basket, readonly string[]>>;
}

/** Creates a catalogue with enough stock of each product, and customers with access tokens that last 15 minutes. */
export async function prepareScene(system: TestStack): Promise<Scene> {
  const products = await loadCatalogue(system, PRODUCTS);
  const hot = await createProduct(system, 1_000_000);
  const accessTokens: string[] = [];
  for (let customer = 0; customer < CUSTOMERS; customer += 1) accessTokens.push(await register(system));
  return { accessTokens, productIds: { 'many products': products.map(({ id }) => id), 'one product': [hot] } };
}

async function createProduct({ anonymous, stack }: TestStack, initialStock: number): Promise<string> {
  const { login } = await anonymous.request(Login, { input: stack.admin });
  const { createProduct } = await anonymous.as(expectSuccess(login).tokens.accessToken).request(CreateProduct, {
    input: { sku: 'HOT-1', name: 'What everybody wants', price: { amount: 1999, currencyCode: 'USD' }, initialStock },
  });
  return expectSuccess(createProduct).product.id;
}

async function register({ anonymous }: TestStack): Promise<string> {
  const { register } = await anonymous.request(Register, {
    input: { email: `${randomUUID()}@example.com`, password: 'correct horse battery staple', name: 'Ada' },
  });
  return expectSuccess(register).tokens.accessToken;
}
