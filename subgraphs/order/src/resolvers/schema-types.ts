// Made from schema.graphql and parents.ts by `npm run codegen`; changes belong there.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { OrderParent, OrderItemParent, OrderEventParent, PaymentParent, OrderConnectionParent, UserParent } from './parents.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** RFC 3339 in UTC with milliseconds. */
  DateTime: { input: Date; output: Date | string; }
  /** An integer amount in the currency's minor unit (cents); exact up to 2^53 - 1. */
  MinorUnits: { input: number; output: number; }
};

export type Query = {
  readonly __typename?: 'Query';
  /** An order of the caller's own, or any order for a caller with the scope order:read; else null. */
  readonly order: Maybe<Order>;
  /** Newest first. 20 a page by default, 100 at most. */
  readonly orders: OrderConnection;
};


export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};


export type QueryOrdersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<OrderFilter>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Accepts the order as PENDING at the current prices; stock is reserved asynchronously. */
  readonly placeOrder: PlaceOrderResult;
  /**
   * Allowed to the customer while the order is RESERVED. The simulated provider captures the order's total. The same
   * idempotencyKey never charges twice: after an answer that was lost, send it again.
   */
  readonly payOrder: PayOrderResult;
  /**
   * Allowed until shipped, to the customer and to callers with order:write. Reserved stock is released and captured money
   * refunded.
   */
  readonly cancelOrder: CancelOrderResult;
  /** PAID to PROCESSING to SHIPPED to DELIVERED. What is shipped leaves the stock. */
  readonly updateOrderStatus: UpdateOrderStatusResult;
  /**
   * Gives money back, in part or all that is left, once the order is PAID. Its status stays. While the provider cannot be
   * reached the refund is accepted, and made as soon as it can be.
   */
  readonly refundOrder: RefundOrderResult;
};


export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


export type MutationPayOrderArgs = {
  input: PayOrderInput;
};


export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};


export type MutationUpdateOrderStatusArgs = {
  input: UpdateOrderStatusInput;
};


export type MutationRefundOrderArgs = {
  input: RefundOrderInput;
};

/** Where an order stands. */
export type OrderStatus =
  /** Accepted; stock is not reserved yet. */
  | 'PENDING'
  /** Every line is reserved. */
  | 'RESERVED'
  /** Paid. */
  | 'PAID'
  /** Being packed. */
  | 'PROCESSING'
  /** On its way. */
  | 'SHIPPED'
  /** Arrived. */
  | 'DELIVERED'
  /** Stock could not be reserved. */
  | 'FAILED'
  /** Called off; what was reserved is released. */
  | 'CANCELLED'
  /** Not paid before the reservation ran out. */
  | 'EXPIRED';

/** A customer's order. */
export type Order = {
  readonly __typename?: 'Order';
  readonly id: Scalars['ID']['output'];
  /** Short and human-readable, unique. */
  readonly number: Scalars['String']['output'];
  readonly status: OrderStatus;
  /** Null while the user subgraph cannot be asked for what is selected, or after the account was deleted. */
  readonly customer: Maybe<User>;
  /** In the order in which they were placed. */
  readonly items: ReadonlyArray<OrderItem>;
  /** The sum of the lines. */
  readonly total: Money;
  readonly shippingAddress: Address;
  readonly billingAddress: Address;
  /** When an unpaid reservation runs out. Null unless RESERVED. */
  readonly reservedUntil: Maybe<Scalars['DateTime']['output']>;
  /** Why the order is FAILED, CANCELLED or EXPIRED. */
  readonly statusReason: Maybe<Scalars['String']['output']>;
  /** Given when the order was shipped. */
  readonly trackingNumber: Maybe<Scalars['String']['output']>;
  /** Every attempt to pay, oldest first. */
  readonly payments: ReadonlyArray<Payment>;
  /** Every state change in order, oldest first. */
  readonly history: ReadonlyArray<OrderEvent>;
  /** When it was accepted. */
  readonly placedAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
};

/** One line of an order. */
export type OrderItem = {
  readonly __typename?: 'OrderItem';
  readonly id: Scalars['ID']['output'];
  /** Null while the product subgraph cannot be asked; the line keeps its own SKU, name and price. */
  readonly product: Maybe<Product>;
  /** SKU, name and price as they were when the order was placed. */
  readonly sku: Scalars['String']['output'];
  /** As it was when the order was placed. */
  readonly name: Scalars['String']['output'];
  /** As it was when the order was placed. */
  readonly unitPrice: Money;
  /** Units of the product. */
  readonly quantity: Scalars['Int']['output'];
  /** Unit price times quantity. */
  readonly lineTotal: Money;
};

export type Product = {
  readonly __typename?: 'Product';
  readonly id: Scalars['ID']['output'];
};

export type User = {
  readonly __typename?: 'User';
  readonly id: Scalars['ID']['output'];
  /** Newest first; the user's own, or for callers with order:read. 20 a page by default, 100 at most. */
  readonly orders: Maybe<OrderConnection>;
};


export type UserOrdersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<OrderFilter>;
};

/** One state change of an order. */
export type OrderEvent = {
  readonly __typename?: 'OrderEvent';
  readonly id: Scalars['ID']['output'];
  /**
   * What happened: PLACED, RESERVED, FAILED, CANCELLED, EXPIRED, PAID, PROCESSING, SHIPPED, DELIVERED, or REFUNDED, which
   * leaves the status as it is.
   */
  readonly type: Scalars['String']['output'];
  /** Null for the first. */
  readonly fromStatus: Maybe<OrderStatus>;
  /** What the order was from then on. */
  readonly toStatus: OrderStatus;
  /** In words, where one was given. */
  readonly reason: Maybe<Scalars['String']['output']>;
  /** The user who acted; null for the system, and after that account was deleted. */
  readonly actorId: Maybe<Scalars['ID']['output']>;
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
};

/** How an attempt to pay went. */
export type PaymentStatus =
  /** The provider's answer is not known yet; it is looked up. */
  | 'PENDING'
  /** The provider could not be reached; nothing was charged. */
  | 'FAILED'
  /** Captured. */
  | 'SUCCEEDED'
  /** The provider refused it; nothing was charged. */
  | 'DECLINED'
  /** Captured, and given back in full. */
  | 'REFUNDED'
  /** Captured, and given back in part. */
  | 'PARTIALLY_REFUNDED';

/** An attempt to pay an order. */
export type Payment = {
  readonly __typename?: 'Payment';
  readonly id: Scalars['ID']['output'];
  readonly status: PaymentStatus;
  /** What was to be charged. */
  readonly amount: Money;
  /** What was given back so far. */
  readonly refunded: Money;
  /** What was paid with, such as card. */
  readonly method: Scalars['String']['output'];
  /** Why it was declined or failed. */
  readonly failureReason: Maybe<Scalars['String']['output']>;
  readonly createdAt: Scalars['DateTime']['output'];
};

/** A postal address. Of an order whose customer deleted the account, only the country is left. */
export type Address = {
  readonly __typename?: 'Address';
  /** Who receives it; null is the customer. */
  readonly recipient: Maybe<Scalars['String']['output']>;
  /** With the house number. */
  readonly street: Scalars['String']['output'];
  /** City or town. */
  readonly city: Scalars['String']['output'];
  /** State, province or region, where the country has them. */
  readonly state: Maybe<Scalars['String']['output']>;
  /** As the country writes it. */
  readonly postalCode: Scalars['String']['output'];
  /** ISO 3166-1 alpha-2. */
  readonly country: Scalars['String']['output'];
};

/** A page of orders. */
export type OrderConnection = {
  readonly __typename?: 'OrderConnection';
  readonly edges: ReadonlyArray<OrderEdge>;
  readonly nodes: ReadonlyArray<Order>;
  readonly pageInfo: PageInfo;
  /** All orders of the list; counted only where it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

export type OrderEdge = {
  readonly __typename?: 'OrderEdge';
  readonly node: Order;
  readonly cursor: Scalars['String']['output'];
};

/** Conditions on orders; all of them hold. */
export type OrderFilter = {
  /** Any of these; an empty list leaves no order. */
  readonly status?: InputMaybe<ReadonlyArray<OrderStatus>>;
  readonly customerId?: InputMaybe<Scalars['ID']['input']>;
  /** Placed at this instant or later. */
  readonly placedAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Placed before this instant. */
  readonly placedBefore?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A postal address. */
export type AddressInput = {
  /** Up to 200 characters; the customer where left out. */
  readonly recipient?: InputMaybe<Scalars['String']['input']>;
  /** With the house number; up to 200 characters. */
  readonly street: Scalars['String']['input'];
  /** Up to 100 characters. */
  readonly city: Scalars['String']['input'];
  /** Up to 100 characters. */
  readonly state?: InputMaybe<Scalars['String']['input']>;
  /** Up to 20 characters. */
  readonly postalCode: Scalars['String']['input'];
  /** ISO 3166-1 alpha-2. */
  readonly country: Scalars['String']['input'];
};

/** A line of an order. */
export type OrderItemInput = {
  readonly productId: Scalars['ID']['input'];
  /** 1 to 1,000; lines with the same product are merged. */
  readonly quantity: Scalars['Int']['input'];
};

export type PlaceOrderInput = {
  /** 1 to 100 lines in one currency. */
  readonly items: ReadonlyArray<OrderItemInput>;
  /** Where the order is sent. */
  readonly shippingAddress: AddressInput;
  /** The shipping address where left out. */
  readonly billingAddress?: InputMaybe<AddressInput>;
  /** If the total differs, PriceChanged and nothing is placed. */
  readonly expectedTotal?: InputMaybe<Scalars['MinorUnits']['input']>;
  /** Unique per customer. The same key with the same input returns the first order; with another input, IdempotencyConflict. */
  readonly idempotencyKey: Scalars['String']['input'];
};

export type PayOrderInput = {
  readonly orderId: Scalars['ID']['input'];
  /**
   * A simulated card. tok_visa succeeds; tok_declined and tok_insufficient_funds are declined; tok_timeout is charged and its
   * answer lost, so that a retry with the same key finds the charge; tok_unavailable fails without a charge.
   */
  readonly paymentToken: Scalars['String']['input'];
  /** Unique per order. The same key with the same input returns the first payment; with another input, IdempotencyConflict. */
  readonly idempotencyKey: Scalars['String']['input'];
};

export type CancelOrderInput = {
  readonly orderId: Scalars['ID']['input'];
  /** Up to 500 characters, kept in the order's history. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateOrderStatusInput = {
  readonly orderId: Scalars['ID']['input'];
  /** PROCESSING, SHIPPED or DELIVERED. */
  readonly status: OrderStatus;
  /** Up to 100 characters, with SHIPPED only. */
  readonly trackingNumber?: InputMaybe<Scalars['String']['input']>;
  /** Up to 500 characters, kept in the order's history. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
};

export type RefundOrderInput = {
  readonly orderId: Scalars['ID']['input'];
  /** In the order's currency. All that is left where left out. */
  readonly amount?: InputMaybe<Scalars['MinorUnits']['input']>;
  /** Up to 500 characters, kept in the order's history. */
  readonly reason: Scalars['String']['input'];
  /** Unique per order. The same key with the same input returns the first refund; with another input, IdempotencyConflict. */
  readonly idempotencyKey: Scalars['String']['input'];
};

/** The product does not exist or is not on sale. */
export type ProductUnavailable = UserError & {
  readonly __typename?: 'ProductUnavailable';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  readonly productId: Scalars['ID']['output'];
};

/** The total is not the expected one; nothing was placed. */
export type PriceChanged = UserError & {
  readonly __typename?: 'PriceChanged';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** What the order would cost now. */
  readonly total: Money;
};

/** The order's status does not allow it. */
export type InvalidTransition = UserError & {
  readonly __typename?: 'InvalidTransition';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** The status that the order has. */
  readonly from: OrderStatus;
  /** The status that was asked for. */
  readonly to: Maybe<OrderStatus>;
};

/** The provider refused the payment; nothing was charged. Another card may be tried, with another idempotency key. */
export type PaymentDeclined = UserError & {
  readonly __typename?: 'PaymentDeclined';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  readonly payment: Payment;
};

/** The provider did not answer. Whether it charged is looked up: send the same input again. */
export type PaymentProviderUnavailable = UserError & {
  readonly __typename?: 'PaymentProviderUnavailable';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};

/** Another payment of the order is being made. Its outcome is known in moments. */
export type PaymentInProgress = UserError & {
  readonly __typename?: 'PaymentInProgress';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};

/** More than what is left of what was paid. */
export type RefundTooLarge = UserError & {
  readonly __typename?: 'RefundTooLarge';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** What can be refunded at most. */
  readonly refundable: Money;
};

/** The order is accepted. */
export type PlaceOrderSuccess = {
  readonly __typename?: 'PlaceOrderSuccess';
  readonly order: Order;
};

/** The order is paid. */
export type PayOrderSuccess = {
  readonly __typename?: 'PayOrderSuccess';
  readonly order: Order;
  readonly payment: Payment;
};

/** The order is cancelled. */
export type CancelOrderSuccess = {
  readonly __typename?: 'CancelOrderSuccess';
  readonly order: Order;
};

/** The order has the new status. */
export type UpdateOrderStatusSuccess = {
  readonly __typename?: 'UpdateOrderStatusSuccess';
  readonly order: Order;
};

/** The refund is accepted; the payment shows it once the provider has made it. */
export type RefundOrderSuccess = {
  readonly __typename?: 'RefundOrderSuccess';
  readonly order: Order;
  readonly payment: Payment;
};

export type PlaceOrderResult = PlaceOrderSuccess | InvalidInput | ProductUnavailable | PriceChanged | IdempotencyConflict;

export type PayOrderResult = PayOrderSuccess | InvalidInput | NotFound | InvalidTransition | PaymentDeclined | PaymentProviderUnavailable | PaymentInProgress | IdempotencyConflict;

export type CancelOrderResult = CancelOrderSuccess | InvalidInput | NotFound | InvalidTransition;

export type UpdateOrderStatusResult = UpdateOrderStatusSuccess | InvalidInput | NotFound | InvalidTransition;

export type RefundOrderResult = RefundOrderSuccess | InvalidInput | NotFound | InvalidTransition | RefundTooLarge | IdempotencyConflict;

/** An amount of money; never a float. */
export type Money = {
  readonly __typename?: 'Money';
  /** In the currency's minor unit: 1999 is 19.99 USD, or 1999 JPY. */
  readonly amount: Scalars['MinorUnits']['output'];
  /** ISO 4217. */
  readonly currencyCode: Scalars['String']['output'];
};

/** Where a page stands in its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Whether there is more after endCursor. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is more before startCursor. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge; null on an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
  /** Cursor of the last edge; null on an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

/** An expected failure of a mutation, returned as data. Every error type implements it. */
export type UserError = {
  /** Stable and machine-readable: the error type's name in SCREAMING_SNAKE_CASE. */
  readonly code: Scalars['String']['output'];
  /** For people; its wording may change. */
  readonly message: Scalars['String']['output'];
};

/** The input breaks a rule. Nothing was changed. */
export type InvalidInput = UserError & {
  readonly __typename?: 'InvalidInput';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** Each rule that is broken. */
  readonly issues: ReadonlyArray<InputIssue>;
};

/** One broken rule. */
export type InputIssue = {
  readonly __typename?: 'InputIssue';
  /** Path inside the input, for example items.0.quantity. */
  readonly path: Scalars['String']['output'];
  /** What is wrong there. */
  readonly message: Scalars['String']['output'];
};

/** What the input names does not exist, or is not the caller's. */
export type NotFound = UserError & {
  readonly __typename?: 'NotFound';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** The id that was not found. */
  readonly id: Maybe<Scalars['ID']['output']>;
};

/** The idempotency key was used before with another input. */
export type IdempotencyConflict = UserError & {
  readonly __typename?: 'IdempotencyConflict';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  PlaceOrderResult:
    | ( Omit<PlaceOrderSuccess, 'order'> & { order: _RefType['Order'] } & { __typename: 'PlaceOrderSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( ProductUnavailable & { __typename: 'ProductUnavailable' } )
    | ( PriceChanged & { __typename: 'PriceChanged' } )
    | ( IdempotencyConflict & { __typename: 'IdempotencyConflict' } )
  ;
  PayOrderResult:
    | ( Omit<PayOrderSuccess, 'order' | 'payment'> & { order: _RefType['Order'], payment: _RefType['Payment'] } & { __typename: 'PayOrderSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InvalidTransition & { __typename: 'InvalidTransition' } )
    | ( Omit<PaymentDeclined, 'payment'> & { payment: _RefType['Payment'] } & { __typename: 'PaymentDeclined' } )
    | ( PaymentProviderUnavailable & { __typename: 'PaymentProviderUnavailable' } )
    | ( PaymentInProgress & { __typename: 'PaymentInProgress' } )
    | ( IdempotencyConflict & { __typename: 'IdempotencyConflict' } )
  ;
  CancelOrderResult:
    | ( Omit<CancelOrderSuccess, 'order'> & { order: _RefType['Order'] } & { __typename: 'CancelOrderSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InvalidTransition & { __typename: 'InvalidTransition' } )
  ;
  UpdateOrderStatusResult:
    | ( Omit<UpdateOrderStatusSuccess, 'order'> & { order: _RefType['Order'] } & { __typename: 'UpdateOrderStatusSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InvalidTransition & { __typename: 'InvalidTransition' } )
  ;
  RefundOrderResult:
    | ( Omit<RefundOrderSuccess, 'order' | 'payment'> & { order: _RefType['Order'], payment: _RefType['Payment'] } & { __typename: 'RefundOrderSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InvalidTransition & { __typename: 'InvalidTransition' } )
    | ( RefundTooLarge & { __typename: 'RefundTooLarge' } )
    | ( IdempotencyConflict & { __typename: 'IdempotencyConflict' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  UserError:
    | ( ProductUnavailable & { __typename: 'ProductUnavailable' } )
    | ( PriceChanged & { __typename: 'PriceChanged' } )
    | ( InvalidTransition & { __typename: 'InvalidTransition' } )
    | ( Omit<PaymentDeclined, 'payment'> & { payment: _RefType['Payment'] } & { __typename: 'PaymentDeclined' } )
    | ( PaymentProviderUnavailable & { __typename: 'PaymentProviderUnavailable' } )
    | ( PaymentInProgress & { __typename: 'PaymentInProgress' } )
    | ( RefundTooLarge & { __typename: 'RefundTooLarge' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( IdempotencyConflict & { __typename: 'IdempotencyConflict' } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OrderStatus: OrderStatus;
  Order: ResolverTypeWrapper<OrderParent>;
  OrderItem: ResolverTypeWrapper<OrderItemParent>;
  Product: ResolverTypeWrapper<Product>;
  User: ResolverTypeWrapper<UserParent>;
  OrderEvent: ResolverTypeWrapper<OrderEventParent>;
  PaymentStatus: PaymentStatus;
  Payment: ResolverTypeWrapper<PaymentParent>;
  Address: ResolverTypeWrapper<Address>;
  OrderConnection: ResolverTypeWrapper<OrderConnectionParent>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  OrderFilter: OrderFilter;
  AddressInput: AddressInput;
  OrderItemInput: OrderItemInput;
  PlaceOrderInput: PlaceOrderInput;
  PayOrderInput: PayOrderInput;
  CancelOrderInput: CancelOrderInput;
  UpdateOrderStatusInput: UpdateOrderStatusInput;
  RefundOrderInput: RefundOrderInput;
  ProductUnavailable: ResolverTypeWrapper<ProductUnavailable>;
  PriceChanged: ResolverTypeWrapper<PriceChanged>;
  InvalidTransition: ResolverTypeWrapper<InvalidTransition>;
  PaymentDeclined: ResolverTypeWrapper<Omit<PaymentDeclined, 'payment'> & { payment: ResolversTypes['Payment'] }>;
  PaymentProviderUnavailable: ResolverTypeWrapper<PaymentProviderUnavailable>;
  PaymentInProgress: ResolverTypeWrapper<PaymentInProgress>;
  RefundTooLarge: ResolverTypeWrapper<RefundTooLarge>;
  PlaceOrderSuccess: ResolverTypeWrapper<Omit<PlaceOrderSuccess, 'order'> & { order: ResolversTypes['Order'] }>;
  PayOrderSuccess: ResolverTypeWrapper<Omit<PayOrderSuccess, 'order' | 'payment'> & { order: ResolversTypes['Order'], payment: ResolversTypes['Payment'] }>;
  CancelOrderSuccess: ResolverTypeWrapper<Omit<CancelOrderSuccess, 'order'> & { order: ResolversTypes['Order'] }>;
  UpdateOrderStatusSuccess: ResolverTypeWrapper<Omit<UpdateOrderStatusSuccess, 'order'> & { order: ResolversTypes['Order'] }>;
  RefundOrderSuccess: ResolverTypeWrapper<Omit<RefundOrderSuccess, 'order' | 'payment'> & { order: ResolversTypes['Order'], payment: ResolversTypes['Payment'] }>;
  PlaceOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['PlaceOrderResult']>;
  PayOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['PayOrderResult']>;
  CancelOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CancelOrderResult']>;
  UpdateOrderStatusResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateOrderStatusResult']>;
  RefundOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RefundOrderResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  MinorUnits: ResolverTypeWrapper<Scalars['MinorUnits']['output']>;
  Money: ResolverTypeWrapper<Money>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  UserError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['UserError']>;
  InvalidInput: ResolverTypeWrapper<InvalidInput>;
  InputIssue: ResolverTypeWrapper<InputIssue>;
  NotFound: ResolverTypeWrapper<NotFound>;
  IdempotencyConflict: ResolverTypeWrapper<IdempotencyConflict>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Order: OrderParent;
  OrderItem: OrderItemParent;
  Product: Product;
  User: UserParent;
  OrderEvent: OrderEventParent;
  Payment: PaymentParent;
  Address: Address;
  OrderConnection: OrderConnectionParent;
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  OrderFilter: OrderFilter;
  AddressInput: AddressInput;
  OrderItemInput: OrderItemInput;
  PlaceOrderInput: PlaceOrderInput;
  PayOrderInput: PayOrderInput;
  CancelOrderInput: CancelOrderInput;
  UpdateOrderStatusInput: UpdateOrderStatusInput;
  RefundOrderInput: RefundOrderInput;
  ProductUnavailable: ProductUnavailable;
  PriceChanged: PriceChanged;
  InvalidTransition: InvalidTransition;
  PaymentDeclined: Omit<PaymentDeclined, 'payment'> & { payment: ResolversParentTypes['Payment'] };
  PaymentProviderUnavailable: PaymentProviderUnavailable;
  PaymentInProgress: PaymentInProgress;
  RefundTooLarge: RefundTooLarge;
  PlaceOrderSuccess: Omit<PlaceOrderSuccess, 'order'> & { order: ResolversParentTypes['Order'] };
  PayOrderSuccess: Omit<PayOrderSuccess, 'order' | 'payment'> & { order: ResolversParentTypes['Order'], payment: ResolversParentTypes['Payment'] };
  CancelOrderSuccess: Omit<CancelOrderSuccess, 'order'> & { order: ResolversParentTypes['Order'] };
  UpdateOrderStatusSuccess: Omit<UpdateOrderStatusSuccess, 'order'> & { order: ResolversParentTypes['Order'] };
  RefundOrderSuccess: Omit<RefundOrderSuccess, 'order' | 'payment'> & { order: ResolversParentTypes['Order'], payment: ResolversParentTypes['Payment'] };
  PlaceOrderResult: ResolversUnionTypes<ResolversParentTypes>['PlaceOrderResult'];
  PayOrderResult: ResolversUnionTypes<ResolversParentTypes>['PayOrderResult'];
  CancelOrderResult: ResolversUnionTypes<ResolversParentTypes>['CancelOrderResult'];
  UpdateOrderStatusResult: ResolversUnionTypes<ResolversParentTypes>['UpdateOrderStatusResult'];
  RefundOrderResult: ResolversUnionTypes<ResolversParentTypes>['RefundOrderResult'];
  DateTime: Scalars['DateTime']['output'];
  MinorUnits: Scalars['MinorUnits']['output'];
  Money: Money;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  UserError: ResolversInterfaceTypes<ResolversParentTypes>['UserError'];
  InvalidInput: InvalidInput;
  InputIssue: InputIssue;
  NotFound: NotFound;
  IdempotencyConflict: IdempotencyConflict;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  order: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderArgs, 'id'>>;
  orders: Resolver<ResolversTypes['OrderConnection'], ParentType, ContextType, Partial<QueryOrdersArgs>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  placeOrder: Resolver<ResolversTypes['PlaceOrderResult'], ParentType, ContextType, RequireFields<MutationPlaceOrderArgs, 'input'>>;
  payOrder: Resolver<ResolversTypes['PayOrderResult'], ParentType, ContextType, RequireFields<MutationPayOrderArgs, 'input'>>;
  cancelOrder: Resolver<ResolversTypes['CancelOrderResult'], ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'input'>>;
  updateOrderStatus: Resolver<ResolversTypes['UpdateOrderStatusResult'], ParentType, ContextType, RequireFields<MutationUpdateOrderStatusArgs, 'input'>>;
  refundOrder: Resolver<ResolversTypes['RefundOrderResult'], ParentType, ContextType, RequireFields<MutationRefundOrderArgs, 'input'>>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  number: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  customer: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  items: Resolver<ReadonlyArray<ResolversTypes['OrderItem']>, ParentType, ContextType>;
  total: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shippingAddress: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  billingAddress: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  reservedUntil: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  statusReason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trackingNumber: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  payments: Resolver<ReadonlyArray<ResolversTypes['Payment']>, ParentType, ContextType>;
  history: Resolver<ReadonlyArray<ResolversTypes['OrderEvent']>, ParentType, ContextType>;
  placedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type OrderItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderItem'] = ResolversParentTypes['OrderItem']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  product: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  sku: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unitPrice: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  quantity: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lineTotal: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orders: Resolver<Maybe<ResolversTypes['OrderConnection']>, ParentType, ContextType, Partial<UserOrdersArgs>>;
};

export type OrderEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEvent'] = ResolversParentTypes['OrderEvent']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fromStatus: Resolver<Maybe<ResolversTypes['OrderStatus']>, ParentType, ContextType>;
  toStatus: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  reason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  actorId: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  at: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  amount: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  refunded: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  method: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  failureReason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Address'] = ResolversParentTypes['Address']> = {
  recipient: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  street: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  city: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  postalCode: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OrderConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  node: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProductUnavailableResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductUnavailable'] = ResolversParentTypes['ProductUnavailable']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PriceChangedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PriceChanged'] = ResolversParentTypes['PriceChanged']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  total: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidTransitionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidTransition'] = ResolversParentTypes['InvalidTransition']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  from: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  to: Resolver<Maybe<ResolversTypes['OrderStatus']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentDeclinedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentDeclined'] = ResolversParentTypes['PaymentDeclined']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  payment: Resolver<ResolversTypes['Payment'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentProviderUnavailableResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentProviderUnavailable'] = ResolversParentTypes['PaymentProviderUnavailable']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PaymentInProgressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentInProgress'] = ResolversParentTypes['PaymentInProgress']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RefundTooLargeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefundTooLarge'] = ResolversParentTypes['RefundTooLarge']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refundable: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlaceOrderSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlaceOrderSuccess'] = ResolversParentTypes['PlaceOrderSuccess']> = {
  order: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PayOrderSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PayOrderSuccess'] = ResolversParentTypes['PayOrderSuccess']> = {
  order: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  payment: Resolver<ResolversTypes['Payment'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CancelOrderSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelOrderSuccess'] = ResolversParentTypes['CancelOrderSuccess']> = {
  order: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateOrderStatusSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateOrderStatusSuccess'] = ResolversParentTypes['UpdateOrderStatusSuccess']> = {
  order: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RefundOrderSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefundOrderSuccess'] = ResolversParentTypes['RefundOrderSuccess']> = {
  order: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  payment: Resolver<ResolversTypes['Payment'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlaceOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlaceOrderResult'] = ResolversParentTypes['PlaceOrderResult']> = {
  __resolveType: TypeResolveFn<'PlaceOrderSuccess' | 'InvalidInput' | 'ProductUnavailable' | 'PriceChanged' | 'IdempotencyConflict', ParentType, ContextType>;
};

export type PayOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PayOrderResult'] = ResolversParentTypes['PayOrderResult']> = {
  __resolveType: TypeResolveFn<'PayOrderSuccess' | 'InvalidInput' | 'NotFound' | 'InvalidTransition' | 'PaymentDeclined' | 'PaymentProviderUnavailable' | 'PaymentInProgress' | 'IdempotencyConflict', ParentType, ContextType>;
};

export type CancelOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelOrderResult'] = ResolversParentTypes['CancelOrderResult']> = {
  __resolveType: TypeResolveFn<'CancelOrderSuccess' | 'InvalidInput' | 'NotFound' | 'InvalidTransition', ParentType, ContextType>;
};

export type UpdateOrderStatusResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateOrderStatusResult'] = ResolversParentTypes['UpdateOrderStatusResult']> = {
  __resolveType: TypeResolveFn<'UpdateOrderStatusSuccess' | 'InvalidInput' | 'NotFound' | 'InvalidTransition', ParentType, ContextType>;
};

export type RefundOrderResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefundOrderResult'] = ResolversParentTypes['RefundOrderResult']> = {
  __resolveType: TypeResolveFn<'RefundOrderSuccess' | 'InvalidInput' | 'NotFound' | 'InvalidTransition' | 'RefundTooLarge' | 'IdempotencyConflict', ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface MinorUnitsScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['MinorUnits'], any> {
  name: 'MinorUnits';
}

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount: Resolver<ResolversTypes['MinorUnits'], ParentType, ContextType>;
  currencyCode: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  __resolveType: TypeResolveFn<'ProductUnavailable' | 'PriceChanged' | 'InvalidTransition' | 'PaymentDeclined' | 'PaymentProviderUnavailable' | 'PaymentInProgress' | 'RefundTooLarge' | 'InvalidInput' | 'NotFound' | 'IdempotencyConflict', ParentType, ContextType>;
};

export type InvalidInputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidInput'] = ResolversParentTypes['InvalidInput']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issues: Resolver<ReadonlyArray<ResolversTypes['InputIssue']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InputIssueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InputIssue'] = ResolversParentTypes['InputIssue']> = {
  path: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type NotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotFound'] = ResolversParentTypes['NotFound']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type IdempotencyConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdempotencyConflict'] = ResolversParentTypes['IdempotencyConflict']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Query: QueryResolvers<ContextType>;
  Mutation: MutationResolvers<ContextType>;
  Order: OrderResolvers<ContextType>;
  OrderItem: OrderItemResolvers<ContextType>;
  Product: ProductResolvers<ContextType>;
  User: UserResolvers<ContextType>;
  OrderEvent: OrderEventResolvers<ContextType>;
  Payment: PaymentResolvers<ContextType>;
  Address: AddressResolvers<ContextType>;
  OrderConnection: OrderConnectionResolvers<ContextType>;
  OrderEdge: OrderEdgeResolvers<ContextType>;
  ProductUnavailable: ProductUnavailableResolvers<ContextType>;
  PriceChanged: PriceChangedResolvers<ContextType>;
  InvalidTransition: InvalidTransitionResolvers<ContextType>;
  PaymentDeclined: PaymentDeclinedResolvers<ContextType>;
  PaymentProviderUnavailable: PaymentProviderUnavailableResolvers<ContextType>;
  PaymentInProgress: PaymentInProgressResolvers<ContextType>;
  RefundTooLarge: RefundTooLargeResolvers<ContextType>;
  PlaceOrderSuccess: PlaceOrderSuccessResolvers<ContextType>;
  PayOrderSuccess: PayOrderSuccessResolvers<ContextType>;
  CancelOrderSuccess: CancelOrderSuccessResolvers<ContextType>;
  UpdateOrderStatusSuccess: UpdateOrderStatusSuccessResolvers<ContextType>;
  RefundOrderSuccess: RefundOrderSuccessResolvers<ContextType>;
  PlaceOrderResult: PlaceOrderResultResolvers<ContextType>;
  PayOrderResult: PayOrderResultResolvers<ContextType>;
  CancelOrderResult: CancelOrderResultResolvers<ContextType>;
  UpdateOrderStatusResult: UpdateOrderStatusResultResolvers<ContextType>;
  RefundOrderResult: RefundOrderResultResolvers<ContextType>;
  DateTime: GraphQLScalarType;
  MinorUnits: GraphQLScalarType;
  Money: MoneyResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  InvalidInput: InvalidInputResolvers<ContextType>;
  InputIssue: InputIssueResolvers<ContextType>;
  NotFound: NotFoundResolvers<ContextType>;
  IdempotencyConflict: IdempotencyConflictResolvers<ContextType>;
};
