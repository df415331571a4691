import {
  createShopClient,
  ExportCatalogue,
  type ExportCatalogueQuery,
  type Operation,
  paginatePages,
  type RetryOptions,
  type ShopClient,
  signIn,
} from '@shop/client';
import { ExpectedError } from '@shop/process';
import { explainApiError } from './errors.ts';

/** A product as files have it. */
export type CatalogueProduct = ExportCatalogueQuery['products']['nodes'][number];

export interface CatalogueApi {
  /**
   * Sends an operation. It is retried while the API is unavailable. Mutations are retried too, since every mutation of
   * an import can be repeated safely.
   *
   * @throws RefusedError when the API rejects this request.
   * @throws ExpectedError when no request can succeed: the API is unavailable, or the caller lacks a permission.
   */
  request<Data, Variables>(operation: Operation<Data, Variables>, variables: NoInfer<Variables>): Promise<Data>;
  /** Reads all products, a page at a time, in the order in which they were created. Pages are fetched lazily. */
  listProducts(includesOffSale: boolean): AsyncGenerator<readonly CatalogueProduct[], void, undefined>;
}

/** The caller of the requests: an access token, or an account to sign in with. */
export type Credentials = { readonly token: string } | { readonly email: string; readonly password: string };

export interface ApiOptions {
  readonly url: string;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly retry?: RetryOptions;
}

const TIMEOUT_MS = 30_000;
/** Half a minute in total. */
const RETRY: RetryOptions = { attempts: 8, firstMs: 250, longestMs: 8_000 };
const PAGE_SIZE = 100;

/**
 * Opens the API, and signs in when the credentials are an account's. @throws ExpectedError when the sign-in is rejected
 */
export async function openCatalogueApi(options: ApiOptions): Promise<CatalogueApi> {
  const { url, credentials, signal, retry = RETRY } = options;
  const headers = 'token' in credentials ? { authorization: `Bearer ${credentials.token}` } : {};
  const shop = createShopClient({ url, retry, timeoutMs: TIMEOUT_MS, headers: () => headers });
  const requestOptions = { signal, repeatable: true };
  const explain = (error: unknown): never => {
    throw explainApiError(error, url);
  };
  if ('email' in credentials) await signInAs(shop, credentials, requestOptions).catch(explain);
  return {
    request: (operation, variables) => shop.request(operation, variables, requestOptions).catch(explain),
    async *listProducts(includesOffSale) {
      const pages = paginatePages(shop, ExportCatalogue, {
        connection: ({ products }) => products,
        variables: { filter: includesOffSale ? { includeDeleted: true } : null },
        pageSize: PAGE_SIZE,
        ...requestOptions,
      });
      try {
        for await (const { nodes } of pages) yield nodes;
      } catch (error) {
        explain(error);
      }
    },
  };
}

async function signInAs(
  shop: ShopClient,
  input: { readonly email: string; readonly password: string },
  options: { readonly signal: AbortSignal; readonly repeatable: boolean },
): Promise<void> {
  const login = await signIn(shop, input, options);
  if (login.__typename !== 'LoginSuccess')
    throw new ExpectedError(`${input.email} could not sign in: ${login.message} Check ADMIN_EMAIL and ADMIN_PASSWORD.`);
}
