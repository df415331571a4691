import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { createShopClient } from '@shop/client';
import { cacheExchange, Client, fetchExchange } from '@urql/core';
import * as nodes from '../generated/nodes/graphql.ts';
import * as texts from '../generated/texts/graphql.ts';

/** The results of a client's reads and writes. */
export interface Session {
  readonly headings: number;
  readonly found: string | undefined;
  readonly accounts: readonly string[];
}

const shelf = (sku: string): nodes.ShelfQueryVariables => ({ first: 5, filter: { search: sku } });
const account = (email: string): nodes.OpenAccountMutationVariables => ({
  input: { email, password: 'correct horse battery staple', name: 'Ada' },
});

/** Our own client, with texts and with parsed documents. */
export async function withShopClient(url: string, sku: string, email: string): Promise<Session> {
  const shop = createShopClient({ url });
  const { categories } = await shop.request(texts.HeadingsDocument);
  const { products } = await shop.request(texts.ShelfDocument, shelf(sku));
  const first = await shop.request(texts.OpenAccountDocument, account(email));
  const second = await shop.request(nodes.OpenAccountDocument, account(email));
  return {
    headings: categories.length,
    found: products.nodes[0]?.name,
    accounts: [first.register.__typename, second.register.__typename],
  };
}

export async function withUrql(url: string, sku: string, email: string): Promise<Session> {
  const client = new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    // The gateway refuses a GET that a page of another site could cause.
    preferGetMethod: false,
  });
  const headings = await client.query(nodes.HeadingsDocument, {});
  const products = await client.query(nodes.ShelfDocument, shelf(sku));
  const first = await client.mutation(nodes.OpenAccountDocument, account(email));
  const second = await client.mutation(nodes.OpenAccountDocument, account(email));
  for (const { error } of [headings, products, first, second]) if (error) throw error;
  return {
    headings: headings.data?.categories.length ?? 0,
    found: products.data?.products.nodes[0]?.name,
    accounts: [first, second].map(({ data }) => data?.register.__typename ?? ''),
  };
}

export async function withApollo(url: string, sku: string, email: string): Promise<Session> {
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
  const headings = await client.query({ query: nodes.HeadingsDocument });
  const products = await client.query({ query: nodes.ShelfDocument, variables: shelf(sku) });
  const register = () => client.mutate({ mutation: nodes.OpenAccountDocument, variables: account(email) });
  const [first, second] = [await register(), await register()];
  return {
    headings: headings.data?.categories.length ?? 0,
    found: products.data?.products.nodes[0]?.name,
    accounts: [first, second].map(({ data }) => data?.register.__typename ?? ''),
  };
}

export const clients = { withShopClient, withUrql, withApollo };
