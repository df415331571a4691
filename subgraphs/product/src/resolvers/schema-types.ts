// Made from schema.graphql and parents.ts by `npm run codegen`; changes belong there.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ProductParent, ProductConnectionParent, CategoryParent, InventoryParent, StockMovementParent, StockMovementConnectionParent } from './parents.ts';
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
  /** A product on sale, or any product for callers with the scope product:write; else null. */
  readonly product: Maybe<Product>;
  /** As product, by the exact SKU. */
  readonly productBySku: Maybe<Product>;
  /** Products on sale; newest first, or the best match first where there is a search, unless sort says otherwise. 20 a page by default, 100 at most. Both directions work. */
  readonly products: ProductConnection;
  /** Every category, by slug. */
  readonly categories: ReadonlyArray<Category>;
  /** A category by its slug; null where there is none. */
  readonly category: Maybe<Category>;
  /** Whether each line could be reserved right now. It holds nothing. 1 to 100 lines. */
  readonly availability: ReadonlyArray<Availability>;
  /** Products on sale of which at most threshold units can be ordered, fewest first. */
  readonly lowStock: ProductConnection;
};


export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};


export type QueryProductBySkuArgs = {
  sku: Scalars['String']['input'];
};


export type QueryProductsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ProductFilter>;
  sort?: InputMaybe<ProductSort>;
};


export type QueryCategoryArgs = {
  slug: Scalars['String']['input'];
};


export type QueryAvailabilityArgs = {
  items: ReadonlyArray<AvailabilityInput>;
};


export type QueryLowStockArgs = {
  threshold: Scalars['Int']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Puts a product on sale. */
  readonly createProduct: CreateProductResult;
  /** Changes what is given, and leaves the rest as it is. */
  readonly updateProduct: UpdateProductResult;
  /** Takes the product off sale and keeps its history; orders that hold it go on. */
  readonly deleteProduct: DeleteProductResult;
  /** Adds a category, at the top or below another. */
  readonly createCategory: CreateCategoryResult;
  /** Adds one signed movement to the stock ledger. on-hand never falls below what is reserved. */
  readonly adjustStock: AdjustStockResult;
};


export type MutationCreateProductArgs = {
  input: CreateProductInput;
};


export type MutationUpdateProductArgs = {
  input: UpdateProductInput;
};


export type MutationDeleteProductArgs = {
  input: DeleteProductInput;
};


export type MutationCreateCategoryArgs = {
  input: CreateCategoryInput;
};


export type MutationAdjustStockArgs = {
  input: AdjustStockInput;
};

/** Something that the shop sells. */
export type Product = {
  readonly __typename?: 'Product';
  readonly id: Scalars['ID']['output'];
  /** Stock keeping unit, unique. */
  readonly sku: Scalars['String']['output'];
  /** What it is called in the shop. */
  readonly name: Scalars['String']['output'];
  /** In full; empty where there is none. */
  readonly description: Scalars['String']['output'];
  /** Of one unit. */
  readonly price: Money;
  readonly category: Maybe<Category>;
  /** An http or https URL. */
  readonly imageUrl: Maybe<Scalars['String']['output']>;
  /** What can be ordered now: on hand less reserved. */
  readonly availableQuantity: Scalars['Int']['output'];
  /** Whether at least one can be ordered now. */
  readonly inStock: Scalars['Boolean']['output'];
  /** What there is, and how it came to be. */
  readonly inventory: Maybe<Inventory>;
  /** Whether customers see and order it. */
  readonly onSale: Scalars['Boolean']['output'];
  /** Grows by one with each change of the product. */
  readonly version: Scalars['Int']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
};

/** A shelf of the catalogue; categories are a tree. */
export type Category = {
  readonly __typename?: 'Category';
  readonly id: Scalars['ID']['output'];
  /** Unique, for URLs: lower-case letters, digits and dashes. */
  readonly slug: Scalars['String']['output'];
  /** What it is called in the shop. */
  readonly name: Scalars['String']['output'];
  /** Null at the top. */
  readonly parent: Maybe<Category>;
  /** By slug. */
  readonly children: ReadonlyArray<Category>;
  /** Products on sale in this category and those below it. */
  readonly products: ProductConnection;
};


/** A shelf of the catalogue; categories are a tree. */
export type CategoryProductsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  sort?: InputMaybe<ProductSort>;
};

/** Conditions that all hold. */
export type ProductFilter = {
  /** Full-text over name, description and SKU; a misspelt word still finds near names. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** A category's slug; its sub-categories are included. */
  readonly category?: InputMaybe<Scalars['String']['input']>;
  /** In minor units of whatever currency, included. */
  readonly minPrice?: InputMaybe<Scalars['MinorUnits']['input']>;
  /** In minor units of whatever currency, included. */
  readonly maxPrice?: InputMaybe<Scalars['MinorUnits']['input']>;
  /** Whether at least one can be ordered now. */
  readonly inStock?: InputMaybe<Scalars['Boolean']['input']>;
  /** Up to 100. */
  readonly ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Staff only; everyone else sees products on sale. */
  readonly includeDeleted?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The order of a list of products. */
export type ProductSort = {
  readonly field: ProductSortField;
  readonly direction: SortDirection;
};

/** What products can be ordered by. */
export type ProductSortField =
  /** The best match first, whatever the direction; needs a search. */
  | 'RELEVANCE'
  /** Alphabetically. */
  | 'NAME'
  /** In minor units of whatever currency. */
  | 'PRICE'
  /** By when the product was added. */
  | 'CREATED_AT';

/** Which end of an order comes first. */
export type SortDirection =
  /** The least first. */
  | 'ASC'
  /** The greatest first. */
  | 'DESC';

/** A line that is asked about. */
export type AvailabilityInput = {
  readonly productId: Scalars['ID']['input'];
  /** 1 to 1,000. */
  readonly quantity: Scalars['Int']['input'];
};

/** Whether a line could be reserved right now. */
export type Availability = {
  readonly __typename?: 'Availability';
  /** Null where there is none, or none on sale. */
  readonly product: Maybe<Product>;
  readonly productId: Scalars['ID']['output'];
  /** Units that were asked for. */
  readonly requested: Scalars['Int']['output'];
  /** Units that can be ordered now. */
  readonly available: Scalars['Int']['output'];
  /** Whether there are enough. */
  readonly ok: Scalars['Boolean']['output'];
};

/** A product's stock and its ledger. */
export type Inventory = {
  readonly __typename?: 'Inventory';
  /** Units in the warehouse. */
  readonly onHand: Scalars['Int']['output'];
  /** Units promised to orders. */
  readonly reserved: Scalars['Int']['output'];
  /** Units that can be ordered: on hand less reserved. */
  readonly available: Scalars['Int']['output'];
  /** Newest first. */
  readonly movements: StockMovementConnection;
};


/** A product's stock and its ledger. */
export type InventoryMovementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** One row of the stock ledger; never changed. */
export type StockMovement = {
  readonly __typename?: 'StockMovement';
  readonly id: Scalars['ID']['output'];
  readonly type: StockMovementType;
  /** Signed change of on-hand stock. */
  readonly onHandDelta: Scalars['Int']['output'];
  /** Signed change of reserved stock. */
  readonly reservedDelta: Scalars['Int']['output'];
  /** On-hand stock with this movement. */
  readonly onHandAfter: Scalars['Int']['output'];
  /** Reserved stock with this movement. */
  readonly reservedAfter: Scalars['Int']['output'];
  /** In words, where one was given. */
  readonly reason: Maybe<Scalars['String']['output']>;
  /** The order whose stock it is, if any. */
  readonly orderId: Maybe<Scalars['ID']['output']>;
  /** The user who acted; null for the system. */
  readonly actorId: Maybe<Scalars['ID']['output']>;
  readonly createdAt: Scalars['DateTime']['output'];
};

/** Why stock changed. */
export type StockMovementType =
  /** Came in. */
  | 'RECEIVED'
  /** Corrected by hand. */
  | 'ADJUSTED'
  /** Promised to an order. */
  | 'RESERVED'
  /** No longer promised to an order. */
  | 'RELEASED'
  /** Left with an order. */
  | 'COMMITTED'
  /** Came back from an order. */
  | 'RETURNED';

/** A page of products. */
export type ProductConnection = {
  readonly __typename?: 'ProductConnection';
  readonly edges: ReadonlyArray<ProductEdge>;
  readonly nodes: ReadonlyArray<Product>;
  readonly pageInfo: PageInfo;
  /** All products of the list; counted only where it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

export type ProductEdge = {
  readonly __typename?: 'ProductEdge';
  readonly node: Product;
  readonly cursor: Scalars['String']['output'];
};

/** A page of the stock ledger. */
export type StockMovementConnection = {
  readonly __typename?: 'StockMovementConnection';
  readonly edges: ReadonlyArray<StockMovementEdge>;
  readonly nodes: ReadonlyArray<StockMovement>;
  readonly pageInfo: PageInfo;
  /** All movements of the product; counted only where it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

export type StockMovementEdge = {
  readonly __typename?: 'StockMovementEdge';
  readonly node: StockMovement;
  readonly cursor: Scalars['String']['output'];
};

/** An amount of money; never a float. */
export type MoneyInput = {
  /** In the currency's minor unit. */
  readonly amount: Scalars['MinorUnits']['input'];
  /** ISO 4217. */
  readonly currencyCode: Scalars['String']['input'];
};

export type CreateProductInput = {
  /** 1 to 64 letters, digits, dots, dashes and underscores; unique. */
  readonly sku: Scalars['String']['input'];
  /** 1 to 200 characters. */
  readonly name: Scalars['String']['input'];
  /** Up to 10,000 characters. */
  readonly description: Scalars['String']['input'];
  /** Above zero. */
  readonly price: MoneyInput;
  /** A category's slug. */
  readonly category?: InputMaybe<Scalars['String']['input']>;
  /** An http or https URL. */
  readonly imageUrl?: InputMaybe<Scalars['String']['input']>;
  /** Units on hand from the start, 0 to 1,000,000,000. */
  readonly initialStock: Scalars['Int']['input'];
};

/** What is left out stays as it is; null empties what may be empty. */
export type UpdateProductInput = {
  readonly id: Scalars['ID']['input'];
  /** The version that the change was made from; where it is not the current one, VersionConflict. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** 1 to 64 letters, digits, dots, dashes and underscores; unique. */
  readonly sku?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 200 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Up to 10,000 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** Above zero. */
  readonly price?: InputMaybe<MoneyInput>;
  /** A category's slug. */
  readonly category?: InputMaybe<Scalars['String']['input']>;
  /** An http or https URL. */
  readonly imageUrl?: InputMaybe<Scalars['String']['input']>;
  /** Whether customers see and order it. */
  readonly onSale?: InputMaybe<Scalars['Boolean']['input']>;
};

export type DeleteProductInput = {
  readonly id: Scalars['ID']['input'];
};

export type CreateCategoryInput = {
  /** 1 to 64 lower-case letters, digits and dashes; unique. */
  readonly slug: Scalars['String']['input'];
  /** 1 to 200 characters. */
  readonly name: Scalars['String']['input'];
  /** The parent's slug; at the top where left out. */
  readonly parent?: InputMaybe<Scalars['String']['input']>;
};

export type AdjustStockInput = {
  readonly productId: Scalars['ID']['input'];
  /** Signed, not zero. */
  readonly delta: Scalars['Int']['input'];
  /** 1 to 500 characters, kept in the ledger. */
  readonly reason: Scalars['String']['input'];
  /** The same key with the same input returns the first result; with another input, IdempotencyConflict. */
  readonly idempotencyKey: Scalars['String']['input'];
};

/** Another product has this SKU. */
export type SkuTaken = UserError & {
  readonly __typename?: 'SkuTaken';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** The SKU that is taken. */
  readonly sku: Scalars['String']['output'];
};

/** Another category has this slug. */
export type SlugTaken = UserError & {
  readonly __typename?: 'SlugTaken';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** The slug that is taken. */
  readonly slug: Scalars['String']['output'];
};

/** The product was changed since; read it again. */
export type VersionConflict = UserError & {
  readonly __typename?: 'VersionConflict';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** The product's version now. */
  readonly currentVersion: Scalars['Int']['output'];
};

/** Less is free than the movement would take away. */
export type InsufficientStock = UserError & {
  readonly __typename?: 'InsufficientStock';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** What can be taken away at most. */
  readonly available: Scalars['Int']['output'];
};

/** The product is on sale. */
export type CreateProductSuccess = {
  readonly __typename?: 'CreateProductSuccess';
  readonly product: Product;
};

export type UpdateProductSuccess = {
  readonly __typename?: 'UpdateProductSuccess';
  readonly product: Product;
};

/** The product is off sale. */
export type DeleteProductSuccess = {
  readonly __typename?: 'DeleteProductSuccess';
  readonly product: Product;
};

export type CreateCategorySuccess = {
  readonly __typename?: 'CreateCategorySuccess';
  readonly category: Category;
};

/** The movement is in the ledger. */
export type AdjustStockSuccess = {
  readonly __typename?: 'AdjustStockSuccess';
  readonly product: Product;
  readonly movement: StockMovement;
};

export type CreateProductResult = CreateProductSuccess | InvalidInput | SkuTaken | NotFound;

export type AdjustStockResult = AdjustStockSuccess | InvalidInput | NotFound | InsufficientStock | IdempotencyConflict;

export type UpdateProductResult = UpdateProductSuccess | InvalidInput | NotFound | SkuTaken | VersionConflict;

export type DeleteProductResult = DeleteProductSuccess | NotFound;

export type CreateCategoryResult = CreateCategorySuccess | InvalidInput | SlugTaken | NotFound;

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
  Product: Product;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Product:
    ( { __typename: 'Product' }
    & ( GraphQLRecursivePick<FederationTypes['Product'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Product'], {"sku":true}> ) );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  CreateProductResult:
    | ( Omit<CreateProductSuccess, 'product'> & { product: _RefType['Product'] } & { __typename: 'CreateProductSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( SkuTaken & { __typename: 'SkuTaken' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  AdjustStockResult:
    | ( Omit<AdjustStockSuccess, 'product' | 'movement'> & { product: _RefType['Product'], movement: _RefType['StockMovement'] } & { __typename: 'AdjustStockSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InsufficientStock & { __typename: 'InsufficientStock' } )
    | ( IdempotencyConflict & { __typename: 'IdempotencyConflict' } )
  ;
  UpdateProductResult:
    | ( Omit<UpdateProductSuccess, 'product'> & { product: _RefType['Product'] } & { __typename: 'UpdateProductSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( SkuTaken & { __typename: 'SkuTaken' } )
    | ( VersionConflict & { __typename: 'VersionConflict' } )
  ;
  DeleteProductResult:
    | ( Omit<DeleteProductSuccess, 'product'> & { product: _RefType['Product'] } & { __typename: 'DeleteProductSuccess' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  CreateCategoryResult:
    | ( Omit<CreateCategorySuccess, 'category'> & { category: _RefType['Category'] } & { __typename: 'CreateCategorySuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( SlugTaken & { __typename: 'SlugTaken' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  UserError:
    | ( SkuTaken & { __typename: 'SkuTaken' } )
    | ( SlugTaken & { __typename: 'SlugTaken' } )
    | ( VersionConflict & { __typename: 'VersionConflict' } )
    | ( InsufficientStock & { __typename: 'InsufficientStock' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( IdempotencyConflict & { __typename: 'IdempotencyConflict' } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Product: ResolverTypeWrapper<ProductParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Category: ResolverTypeWrapper<CategoryParent>;
  ProductFilter: ProductFilter;
  ProductSort: ProductSort;
  ProductSortField: ProductSortField;
  SortDirection: SortDirection;
  AvailabilityInput: AvailabilityInput;
  Availability: ResolverTypeWrapper<Omit<Availability, 'product'> & { product: Maybe<ResolversTypes['Product']> }>;
  Inventory: ResolverTypeWrapper<InventoryParent>;
  StockMovement: ResolverTypeWrapper<StockMovementParent>;
  StockMovementType: StockMovementType;
  ProductConnection: ResolverTypeWrapper<ProductConnectionParent>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  StockMovementConnection: ResolverTypeWrapper<StockMovementConnectionParent>;
  StockMovementEdge: ResolverTypeWrapper<Omit<StockMovementEdge, 'node'> & { node: ResolversTypes['StockMovement'] }>;
  MoneyInput: MoneyInput;
  CreateProductInput: CreateProductInput;
  UpdateProductInput: UpdateProductInput;
  DeleteProductInput: DeleteProductInput;
  CreateCategoryInput: CreateCategoryInput;
  AdjustStockInput: AdjustStockInput;
  SkuTaken: ResolverTypeWrapper<SkuTaken>;
  SlugTaken: ResolverTypeWrapper<SlugTaken>;
  VersionConflict: ResolverTypeWrapper<VersionConflict>;
  InsufficientStock: ResolverTypeWrapper<InsufficientStock>;
  CreateProductSuccess: ResolverTypeWrapper<Omit<CreateProductSuccess, 'product'> & { product: ResolversTypes['Product'] }>;
  UpdateProductSuccess: ResolverTypeWrapper<Omit<UpdateProductSuccess, 'product'> & { product: ResolversTypes['Product'] }>;
  DeleteProductSuccess: ResolverTypeWrapper<Omit<DeleteProductSuccess, 'product'> & { product: ResolversTypes['Product'] }>;
  CreateCategorySuccess: ResolverTypeWrapper<Omit<CreateCategorySuccess, 'category'> & { category: ResolversTypes['Category'] }>;
  AdjustStockSuccess: ResolverTypeWrapper<Omit<AdjustStockSuccess, 'product' | 'movement'> & { product: ResolversTypes['Product'], movement: ResolversTypes['StockMovement'] }>;
  CreateProductResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateProductResult']>;
  AdjustStockResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['AdjustStockResult']>;
  UpdateProductResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateProductResult']>;
  DeleteProductResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteProductResult']>;
  CreateCategoryResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateCategoryResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  MinorUnits: ResolverTypeWrapper<Scalars['MinorUnits']['output']>;
  Money: ResolverTypeWrapper<Money>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
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
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  Product: ProductParent;
  Boolean: Scalars['Boolean']['output'];
  Category: CategoryParent;
  ProductFilter: ProductFilter;
  ProductSort: ProductSort;
  AvailabilityInput: AvailabilityInput;
  Availability: Omit<Availability, 'product'> & { product: Maybe<ResolversParentTypes['Product']> };
  Inventory: InventoryParent;
  StockMovement: StockMovementParent;
  ProductConnection: ProductConnectionParent;
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  StockMovementConnection: StockMovementConnectionParent;
  StockMovementEdge: Omit<StockMovementEdge, 'node'> & { node: ResolversParentTypes['StockMovement'] };
  MoneyInput: MoneyInput;
  CreateProductInput: CreateProductInput;
  UpdateProductInput: UpdateProductInput;
  DeleteProductInput: DeleteProductInput;
  CreateCategoryInput: CreateCategoryInput;
  AdjustStockInput: AdjustStockInput;
  SkuTaken: SkuTaken;
  SlugTaken: SlugTaken;
  VersionConflict: VersionConflict;
  InsufficientStock: InsufficientStock;
  CreateProductSuccess: Omit<CreateProductSuccess, 'product'> & { product: ResolversParentTypes['Product'] };
  UpdateProductSuccess: Omit<UpdateProductSuccess, 'product'> & { product: ResolversParentTypes['Product'] };
  DeleteProductSuccess: Omit<DeleteProductSuccess, 'product'> & { product: ResolversParentTypes['Product'] };
  CreateCategorySuccess: Omit<CreateCategorySuccess, 'category'> & { category: ResolversParentTypes['Category'] };
  AdjustStockSuccess: Omit<AdjustStockSuccess, 'product' | 'movement'> & { product: ResolversParentTypes['Product'], movement: ResolversParentTypes['StockMovement'] };
  CreateProductResult: ResolversUnionTypes<ResolversParentTypes>['CreateProductResult'];
  AdjustStockResult: ResolversUnionTypes<ResolversParentTypes>['AdjustStockResult'];
  UpdateProductResult: ResolversUnionTypes<ResolversParentTypes>['UpdateProductResult'];
  DeleteProductResult: ResolversUnionTypes<ResolversParentTypes>['DeleteProductResult'];
  CreateCategoryResult: ResolversUnionTypes<ResolversParentTypes>['CreateCategoryResult'];
  DateTime: Scalars['DateTime']['output'];
  MinorUnits: Scalars['MinorUnits']['output'];
  Money: Money;
  PageInfo: PageInfo;
  UserError: ResolversInterfaceTypes<ResolversParentTypes>['UserError'];
  InvalidInput: InvalidInput;
  InputIssue: InputIssue;
  NotFound: NotFound;
  IdempotencyConflict: IdempotencyConflict;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  product: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductArgs, 'id'>>;
  productBySku: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductBySkuArgs, 'sku'>>;
  products: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, Partial<QueryProductsArgs>>;
  categories: Resolver<ReadonlyArray<ResolversTypes['Category']>, ParentType, ContextType>;
  category: Resolver<Maybe<ResolversTypes['Category']>, ParentType, ContextType, RequireFields<QueryCategoryArgs, 'slug'>>;
  availability: Resolver<ReadonlyArray<ResolversTypes['Availability']>, ParentType, ContextType, RequireFields<QueryAvailabilityArgs, 'items'>>;
  lowStock: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<QueryLowStockArgs, 'threshold'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createProduct: Resolver<ResolversTypes['CreateProductResult'], ParentType, ContextType, RequireFields<MutationCreateProductArgs, 'input'>>;
  updateProduct: Resolver<ResolversTypes['UpdateProductResult'], ParentType, ContextType, RequireFields<MutationUpdateProductArgs, 'input'>>;
  deleteProduct: Resolver<ResolversTypes['DeleteProductResult'], ParentType, ContextType, RequireFields<MutationDeleteProductArgs, 'input'>>;
  createCategory: Resolver<ResolversTypes['CreateCategoryResult'], ParentType, ContextType, RequireFields<MutationCreateCategoryArgs, 'input'>>;
  adjustStock: Resolver<ResolversTypes['AdjustStockResult'], ParentType, ContextType, RequireFields<MutationAdjustStockArgs, 'input'>>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  price: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  category: Resolver<Maybe<ResolversTypes['Category']>, ParentType, ContextType>;
  imageUrl: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  availableQuantity: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inStock: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inventory: Resolver<Maybe<ResolversTypes['Inventory']>, ParentType, ContextType>;
  onSale: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  version: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CategoryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Category'] = ResolversParentTypes['Category']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  slug: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  parent: Resolver<Maybe<ResolversTypes['Category']>, ParentType, ContextType>;
  children: Resolver<ReadonlyArray<ResolversTypes['Category']>, ParentType, ContextType>;
  products: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, Partial<CategoryProductsArgs>>;
};

export type AvailabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Availability'] = ResolversParentTypes['Availability']> = {
  product: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  productId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  requested: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ok: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type InventoryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Inventory'] = ResolversParentTypes['Inventory']> = {
  onHand: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reserved: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  movements: Resolver<ResolversTypes['StockMovementConnection'], ParentType, ContextType, Partial<InventoryMovementsArgs>>;
};

export type StockMovementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovement'] = ResolversParentTypes['StockMovement']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type: Resolver<ResolversTypes['StockMovementType'], ParentType, ContextType>;
  onHandDelta: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reservedDelta: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  onHandAfter: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reservedAfter: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  orderId: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  actorId: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  node: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type StockMovementConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovementConnection'] = ResolversParentTypes['StockMovementConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['StockMovementEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['StockMovement']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type StockMovementEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovementEdge'] = ResolversParentTypes['StockMovementEdge']> = {
  node: Resolver<ResolversTypes['StockMovement'], ParentType, ContextType>;
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SkuTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SkuTaken'] = ResolversParentTypes['SkuTaken']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sku: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SlugTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SlugTaken'] = ResolversParentTypes['SlugTaken']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slug: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type VersionConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VersionConflict'] = ResolversParentTypes['VersionConflict']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currentVersion: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InsufficientStockResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InsufficientStock'] = ResolversParentTypes['InsufficientStock']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  available: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateProductSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateProductSuccess'] = ResolversParentTypes['CreateProductSuccess']> = {
  product: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateProductSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProductSuccess'] = ResolversParentTypes['UpdateProductSuccess']> = {
  product: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteProductSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteProductSuccess'] = ResolversParentTypes['DeleteProductSuccess']> = {
  product: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateCategorySuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateCategorySuccess'] = ResolversParentTypes['CreateCategorySuccess']> = {
  category: Resolver<ResolversTypes['Category'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AdjustStockSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AdjustStockSuccess'] = ResolversParentTypes['AdjustStockSuccess']> = {
  product: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  movement: Resolver<ResolversTypes['StockMovement'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateProductResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateProductResult'] = ResolversParentTypes['CreateProductResult']> = {
  __resolveType: TypeResolveFn<'CreateProductSuccess' | 'InvalidInput' | 'SkuTaken' | 'NotFound', ParentType, ContextType>;
};

export type AdjustStockResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AdjustStockResult'] = ResolversParentTypes['AdjustStockResult']> = {
  __resolveType: TypeResolveFn<'AdjustStockSuccess' | 'InvalidInput' | 'NotFound' | 'InsufficientStock' | 'IdempotencyConflict', ParentType, ContextType>;
};

export type UpdateProductResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProductResult'] = ResolversParentTypes['UpdateProductResult']> = {
  __resolveType: TypeResolveFn<'UpdateProductSuccess' | 'InvalidInput' | 'NotFound' | 'SkuTaken' | 'VersionConflict', ParentType, ContextType>;
};

export type DeleteProductResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteProductResult'] = ResolversParentTypes['DeleteProductResult']> = {
  __resolveType: TypeResolveFn<'DeleteProductSuccess' | 'NotFound', ParentType, ContextType>;
};

export type CreateCategoryResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateCategoryResult'] = ResolversParentTypes['CreateCategoryResult']> = {
  __resolveType: TypeResolveFn<'CreateCategorySuccess' | 'InvalidInput' | 'SlugTaken' | 'NotFound', ParentType, ContextType>;
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
  __resolveType: TypeResolveFn<'SkuTaken' | 'SlugTaken' | 'VersionConflict' | 'InsufficientStock' | 'InvalidInput' | 'NotFound' | 'IdempotencyConflict', ParentType, ContextType>;
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
  Product: ProductResolvers<ContextType>;
  Category: CategoryResolvers<ContextType>;
  Availability: AvailabilityResolvers<ContextType>;
  Inventory: InventoryResolvers<ContextType>;
  StockMovement: StockMovementResolvers<ContextType>;
  ProductConnection: ProductConnectionResolvers<ContextType>;
  ProductEdge: ProductEdgeResolvers<ContextType>;
  StockMovementConnection: StockMovementConnectionResolvers<ContextType>;
  StockMovementEdge: StockMovementEdgeResolvers<ContextType>;
  SkuTaken: SkuTakenResolvers<ContextType>;
  SlugTaken: SlugTakenResolvers<ContextType>;
  VersionConflict: VersionConflictResolvers<ContextType>;
  InsufficientStock: InsufficientStockResolvers<ContextType>;
  CreateProductSuccess: CreateProductSuccessResolvers<ContextType>;
  UpdateProductSuccess: UpdateProductSuccessResolvers<ContextType>;
  DeleteProductSuccess: DeleteProductSuccessResolvers<ContextType>;
  CreateCategorySuccess: CreateCategorySuccessResolvers<ContextType>;
  AdjustStockSuccess: AdjustStockSuccessResolvers<ContextType>;
  CreateProductResult: CreateProductResultResolvers<ContextType>;
  AdjustStockResult: AdjustStockResultResolvers<ContextType>;
  UpdateProductResult: UpdateProductResultResolvers<ContextType>;
  DeleteProductResult: DeleteProductResultResolvers<ContextType>;
  CreateCategoryResult: CreateCategoryResultResolvers<ContextType>;
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
