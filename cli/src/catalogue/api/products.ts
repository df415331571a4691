import type { Api } from './api.ts';
import { Refused } from './failures.ts';

/** A product as the API shows it. */
export interface ApiProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price: { readonly amount: number; readonly currencyCode: string };
  readonly category: { readonly slug: string } | null;
  readonly imageUrl: string | null;
  readonly onSale: boolean;
  readonly version: number;
  readonly inventory?: { readonly onHand: number } | null;
}

export const PRODUCT_FIELDS =
  'id sku name description price { amount currencyCode } category { slug } imageUrl onSale version';
const ERRORS = `... on UserError { code message } ... on InvalidInput { issues { path message } }`;

/** What a mutation answers: the product, or why not. */
export interface Outcome {
  readonly __typename: string;
  readonly product?: ApiProduct;
  readonly message?: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

/** The reasons of an outcome that is no success, for a person. */
export function refusal({ message, issues, __typename }: Outcome): Refused {
  return new Refused(issues?.map((issue) => `${issue.path}: ${issue.message}`).join('; ') || message || __typename);
}

export async function createProduct(api: Api, input: object): Promise<Outcome> {
  const query = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename ... on CreateProductSuccess { product { ${PRODUCT_FIELDS} } } ${ERRORS} } }`;
  return (await api.request<{ createProduct: Outcome }>(query, { input })).createProduct;
}

export async function updateProduct(api: Api, input: object): Promise<Outcome> {
  const query = `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { __typename ... on UpdateProductSuccess { product { ${PRODUCT_FIELDS} } } ${ERRORS} } }`;
  return (await api.request<{ updateProduct: Outcome }>(query, { input })).updateProduct;
}

export async function adjustStock(api: Api, input: object): Promise<Outcome> {
  const query = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename ${ERRORS} } }`;
  return (await api.request<{ adjustStock: Outcome }>(query, { input })).adjustStock;
}

interface Page {
  readonly nodes: readonly ApiProduct[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** All products, a page at a time, in the order in which they were created. */
export async function* listProducts(api: Api, includesOffSale: boolean): AsyncGenerator<readonly ApiProduct[]> {
  const query = `query ($after: String, $filter: ProductFilter) {
    products(first: 100, after: $after, filter: $filter, sort: { field: CREATED_AT, direction: ASC }) {
      nodes { ${PRODUCT_FIELDS} inventory { onHand } } pageInfo { hasNextPage endCursor }
    }
  }`;
  let after: string | null = null;
  for (;;) {
    const { products }: { products: Page } = await api.request(query, {
      after,
      filter: includesOffSale ? { includeDeleted: true } : null,
    });
    yield products.nodes;
    if (!products.pageInfo.hasNextPage) return;
    after = products.pageInfo.endCursor;
  }
}
