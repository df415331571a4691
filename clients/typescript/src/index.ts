export { createShopClient, type Bare, type BareSubscription, type ShopClient, type ShopSession } from './client.ts';
export type { Result } from './results/result.ts';
export type { Document, SubscriptionDocument, TypedNode, TypedText } from './document.ts';
export {
  GraphqlError,
  HttpError,
  NetworkError,
  SessionEndedError,
  ShopError,
  TimeoutError,
  UserFailure,
  type GraphqlErrorEntry,
} from './errors.ts';
export { newIdempotencyKey } from './idempotency.ts';
export { formatMoney, type MoneyValue } from './money.ts';
export type { Operation, SubscriptionOperation, WithOptionalKey } from './operation.ts';
export type { RequestOptions, ShopClientOptions } from './options.ts';
export type { Connection, Direction } from './pages/connection.ts';
export { paginate, paginatePages, type PageOptions, type PageVariables } from './pages/paginate.ts';
export {
  expectSuccess,
  isSuccess,
  type FailureOf,
  type ResultMember,
  type SuccessOf,
} from './results/expect-success.ts';
export type { RetryOptions } from './retry/retry-exchange.ts';
export { signIn, signOut, signUp } from './session/sign-in.ts';
export type { SubscribeOptions, Subscription, SubscriptionState } from './subscription/subscription.ts';
export { memoryTokens, type Tokens, type TokenStore } from './session/tokens.ts';
export { webStorageTokens, type WebStorage } from './session/web-storage-tokens.ts';
export * from './graphql/operations.ts';
export type * from './graphql/types.ts';
