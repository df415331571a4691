// Made from clients/operations and the schema by `npm run codegen`; changes belong there.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A postal address. */
export type AddressInput = {
  /** Up to 200 characters; the customer where left out. */
  readonly recipient?: string | null | undefined;
  /** With the house number; up to 200 characters. */
  readonly street: string;
  /** Up to 100 characters. */
  readonly city: string;
  /** Up to 100 characters. */
  readonly state?: string | null | undefined;
  /** Up to 20 characters. */
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
};

export type AdjustStockInput = {
  readonly productId: string;
  /** Signed, not zero. */
  readonly delta: number;
  /** 1 to 500 characters, kept in the ledger. */
  readonly reason: string;
  /** The same key with the same input returns the first result; with another input, IdempotencyConflict. */
  readonly idempotencyKey: string;
};

/** A line that is asked about. */
export type AvailabilityInput = {
  readonly productId: string;
  /** 1 to 1,000. */
  readonly quantity: number;
};

export type CancelOrderInput = {
  readonly orderId: string;
  /** Up to 500 characters, kept in the order's history. */
  readonly reason?: string | null | undefined;
};

export type ChangePasswordInput = {
  /** The password until now. */
  readonly currentPassword: string;
  /** 12 to 256 characters, not among the most common passwords. */
  readonly newPassword: string;
};

export type CreateCategoryInput = {
  /** 1 to 64 lower-case letters, digits and dashes; unique. */
  readonly slug: string;
  /** 1 to 200 characters. */
  readonly name: string;
  /** The parent's slug; at the top where left out. */
  readonly parent?: string | null | undefined;
};

export type CreateProductInput = {
  /** 1 to 64 letters, digits, dots, dashes and underscores; unique. */
  readonly sku: string;
  /** 1 to 200 characters. */
  readonly name: string;
  /** Up to 10,000 characters. */
  readonly description?: string;
  /** Above zero. */
  readonly price: MoneyInput;
  /** A category's slug. */
  readonly category?: string | null | undefined;
  /** An http or https URL. */
  readonly imageUrl?: string | null | undefined;
  /** Units on hand from the start, 0 to 1,000,000,000. */
  readonly initialStock?: number;
};

export type DeleteAccountInput = {
  /** The caller's own, once more. */
  readonly password: string;
};

export type DeleteProductInput = {
  readonly id: string;
};

export type LoginInput = {
  /** In upper or lower case. */
  readonly email: string;
  /** The account's password. */
  readonly password: string;
};

export type LogoutInput = {
  /** Any that the session was given. */
  readonly refreshToken: string;
};

/** An amount of money; never a float. */
export type MoneyInput = {
  /** In the currency's minor unit. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currencyCode: string;
};

/** Conditions on orders; all of them hold. */
export type OrderFilter = {
  /** Any of these; an empty list leaves no order. */
  readonly status?: ReadonlyArray<OrderStatus> | null | undefined;
  readonly customerId?: string | null | undefined;
  /** Placed at this instant or later. */
  readonly placedAfter?: string | null | undefined;
  /** Placed before this instant. */
  readonly placedBefore?: string | null | undefined;
};

/** A line of an order. */
export type OrderItemInput = {
  readonly productId: string;
  /** 1 to 1,000; lines with the same product are merged. */
  readonly quantity: number;
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

export type PayOrderInput = {
  readonly orderId: string;
  /**
   * A simulated card. tok_visa succeeds; tok_declined and tok_insufficient_funds are declined; tok_timeout is charged and its
   * answer lost, so that a retry with the same key finds the charge; tok_unavailable fails without a charge.
   */
  readonly paymentToken: string;
  /** Unique per order. The same key with the same input returns the first payment; with another input, IdempotencyConflict. */
  readonly idempotencyKey: string;
};

export type PlaceOrderInput = {
  /** 1 to 100 lines in one currency. */
  readonly items: ReadonlyArray<OrderItemInput>;
  /** Where the order is sent. */
  readonly shippingAddress: AddressInput;
  /** The shipping address where left out. */
  readonly billingAddress?: AddressInput | null | undefined;
  /** If the total differs, PriceChanged and nothing is placed. */
  readonly expectedTotal?: number | null | undefined;
  /** Unique per customer. The same key with the same input returns the first order; with another input, IdempotencyConflict. */
  readonly idempotencyKey: string;
};

/** Conditions that all hold. */
export type ProductFilter = {
  /** Full-text over name, description and SKU; a misspelt word still finds near names. */
  readonly search?: string | null | undefined;
  /** A category's slug; its sub-categories are included. */
  readonly category?: string | null | undefined;
  /** In minor units of whatever currency, included. */
  readonly minPrice?: number | null | undefined;
  /** In minor units of whatever currency, included. */
  readonly maxPrice?: number | null | undefined;
  /** Whether at least one can be ordered now. */
  readonly inStock?: boolean | null | undefined;
  /** Up to 100. */
  readonly ids?: ReadonlyArray<string> | null | undefined;
  /** Staff only; everyone else sees products on sale. */
  readonly includeDeleted?: boolean | null | undefined;
};

/** The order of a list of products. */
export type ProductSort = {
  readonly field: ProductSortField;
  readonly direction?: SortDirection;
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

export type RefreshSessionInput = {
  /** The newest that the session was given. */
  readonly refreshToken: string;
};

export type RefundOrderInput = {
  readonly orderId: string;
  /** In the order's currency. All that is left where left out. */
  readonly amount?: number | null | undefined;
  /** Up to 500 characters, kept in the order's history. */
  readonly reason: string;
  /** Unique per order. The same key with the same input returns the first refund; with another input, IdempotencyConflict. */
  readonly idempotencyKey: string;
};

export type RegisterInput = {
  /** Unique without regard to case. */
  readonly email: string;
  /** 12 to 256 characters, not among the most common passwords. */
  readonly password: string;
  /** 1 to 200 characters. */
  readonly name: string;
  /** Up to 50 characters. */
  readonly phone?: string | null | undefined;
};

export type RevokeSessionInput = {
  readonly sessionId: string;
};

/** What an account may do, as scopes in its access token. */
export type Role =
  /** Buys. */
  | 'CUSTOMER'
  /** Runs the shop: catalogue, stock and orders. */
  | 'STAFF'
  /** Also administers accounts. */
  | 'ADMIN';

export type SetUserActiveInput = {
  readonly userId: string;
  /** Whether the account may sign in. */
  readonly active: boolean;
};

export type SetUserRoleInput = {
  readonly userId: string;
  readonly role: Role;
};

/** Which end of an order comes first. */
export type SortDirection =
  /** The least first. */
  | 'ASC'
  /** The greatest first. */
  | 'DESC';

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

export type UpdateOrderStatusInput = {
  readonly orderId: string;
  /** PROCESSING, SHIPPED or DELIVERED. */
  readonly status: OrderStatus;
  /** Up to 100 characters, with SHIPPED only. */
  readonly trackingNumber?: string | null | undefined;
  /** Up to 500 characters, kept in the order's history. */
  readonly note?: string | null | undefined;
};

/** What is left out stays as it is; null empties what may be empty. */
export type UpdateProductInput = {
  readonly id: string;
  /** The version that the change was made from; where it is not the current one, VersionConflict. */
  readonly expectedVersion?: number | null | undefined;
  /** 1 to 64 letters, digits, dots, dashes and underscores; unique. */
  readonly sku?: string | null | undefined;
  /** 1 to 200 characters. */
  readonly name?: string | null | undefined;
  /** Up to 10,000 characters. */
  readonly description?: string | null | undefined;
  /** Above zero. */
  readonly price?: MoneyInput | null | undefined;
  /** A category's slug. */
  readonly category?: string | null | undefined;
  /** An http or https URL. */
  readonly imageUrl?: string | null | undefined;
  /** Whether customers see and order it. */
  readonly onSale?: boolean | null | undefined;
};

export type UpdateProfileInput = {
  /** 1 to 200 characters. */
  readonly name?: string | null | undefined;
  /** Up to 50 characters; empty or null removes it. */
  readonly phone?: string | null | undefined;
  /** Unique without regard to case. */
  readonly email?: string | null | undefined;
};

/** Conditions on accounts; all of them hold. */
export type UserFilter = {
  /** Part of an e-mail address or a name. */
  readonly search?: string | null | undefined;
  readonly role?: Role | null | undefined;
  /** Whether the account may sign in. */
  readonly active?: boolean | null | undefined;
};

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register:
    | { readonly __typename: 'RegisterSuccess', readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string }, readonly tokens: { readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'EmailTaken', readonly code: string, readonly message: string }
   };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { readonly login:
    | { readonly __typename: 'LoginSuccess', readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string }, readonly tokens: { readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string } }
    | { readonly __typename: 'InvalidCredentials', readonly code: string, readonly message: string }
    | { readonly __typename: 'TooManyAttempts', readonly retryAt: string, readonly code: string, readonly message: string }
   };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { readonly refreshSession:
    | { readonly __typename: 'RefreshSessionSuccess', readonly tokens: { readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string } }
    | { readonly __typename: 'InvalidRefreshToken', readonly code: string, readonly message: string }
   };

export type LogoutMutationVariables = Exact<{
  input: LogoutInput;
}>;


export type LogoutMutation = { readonly logout: { readonly __typename: 'LogoutSuccess', readonly ok: boolean } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly me: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string } | null };

export type MySessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type MySessionsQuery = { readonly me: { readonly id: string, readonly sessions: ReadonlyArray<{ readonly id: string, readonly createdAt: string, readonly lastUsedAt: string, readonly expiresAt: string, readonly userAgent: string | null, readonly ipAddress: string | null, readonly current: boolean }> | null } | null };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { readonly updateProfile:
    | { readonly __typename: 'UpdateProfileSuccess', readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'EmailTaken', readonly code: string, readonly message: string }
   };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { readonly changePassword:
    | { readonly __typename: 'ChangePasswordSuccess', readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'InvalidCredentials', readonly code: string, readonly message: string }
    | { readonly __typename: 'TooManyAttempts', readonly retryAt: string, readonly code: string, readonly message: string }
   };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { readonly revokeSession:
    | { readonly __typename: 'RevokeSessionSuccess', readonly sessionId: string }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
   };

export type RevokeAllSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type RevokeAllSessionsMutation = { readonly revokeAllSessions: { readonly __typename: 'RevokeAllSessionsSuccess', readonly revoked: number } };

export type DeleteAccountMutationVariables = Exact<{
  input: DeleteAccountInput;
}>;


export type DeleteAccountMutation = { readonly deleteAccount:
    | { readonly __typename: 'DeleteAccountSuccess', readonly userId: string }
    | { readonly __typename: 'InvalidCredentials', readonly code: string, readonly message: string }
    | { readonly __typename: 'TooManyAttempts', readonly retryAt: string, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type ListUsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: UserFilter | null | undefined;
}>;


export type ListUsersQuery = { readonly users: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type UserPageQueryVariables = Exact<{
  id: string;
  orders?: number | null | undefined;
}>;


export type UserPageQuery = { readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string, readonly orders: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } }> } | null } | null };

export type SetUserRoleMutationVariables = Exact<{
  input: SetUserRoleInput;
}>;


export type SetUserRoleMutation = { readonly setUserRole:
    | { readonly __typename: 'SetUserRoleSuccess', readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type SetUserActiveMutationVariables = Exact<{
  input: SetUserActiveInput;
}>;


export type SetUserActiveMutation = { readonly setUserActive:
    | { readonly __typename: 'SetUserActiveSuccess', readonly user: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
   };

export type ListCatalogueQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  sort?: ProductSort | null | undefined;
}>;


export type ListCatalogueQuery = { readonly products: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type CreateProductMutationVariables = Exact<{
  input: CreateProductInput;
}>;


export type CreateProductMutation = { readonly createProduct:
    | { readonly __typename: 'CreateProductSuccess', readonly product: { readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'SkuTaken', readonly sku: string, readonly code: string, readonly message: string }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
   };

export type UpdateProductMutationVariables = Exact<{
  input: UpdateProductInput;
}>;


export type UpdateProductMutation = { readonly updateProduct:
    | { readonly __typename: 'UpdateProductSuccess', readonly product: { readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'SkuTaken', readonly sku: string, readonly code: string, readonly message: string }
    | { readonly __typename: 'VersionConflict', readonly currentVersion: number, readonly code: string, readonly message: string }
   };

export type DeleteProductMutationVariables = Exact<{
  input: DeleteProductInput;
}>;


export type DeleteProductMutation = { readonly deleteProduct:
    | { readonly __typename: 'DeleteProductSuccess', readonly product: { readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
   };

export type CreateCategoryMutationVariables = Exact<{
  input: CreateCategoryInput;
}>;


export type CreateCategoryMutation = { readonly createCategory:
    | { readonly __typename: 'CreateCategorySuccess', readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string } | null } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'SlugTaken', readonly slug: string, readonly code: string, readonly message: string }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
   };

export type FindProductsBySkuQueryVariables = Exact<{
  sku0?: string;
  sku1?: string;
  sku2?: string;
  sku3?: string;
  sku4?: string;
  sku5?: string;
  sku6?: string;
  sku7?: string;
  sku8?: string;
  sku9?: string;
  sku10?: string;
  sku11?: string;
  sku12?: string;
  sku13?: string;
  sku14?: string;
  sku15?: string;
  stock?: boolean;
}>;


export type FindProductsBySkuQuery = { readonly product0: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product1: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product2: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product3: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product4: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product5: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product6: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product7: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product8: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product9: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product10: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product11: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product12: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product13: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product14: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null, readonly product15: { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null } | null };

export type ExportCatalogueQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  stock?: boolean;
}>;


export type ExportCatalogueQuery = { readonly products: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type ProductFileRowFragment = { readonly id: string, readonly sku: string, readonly name: string, readonly description: string, readonly imageUrl: string | null, readonly onSale: boolean, readonly version: number, readonly price: { readonly amount: number, readonly currencyCode: string }, readonly category: { readonly id: string, readonly slug: string } | null, readonly inventory?: { readonly onHand: number } | null };

export type ListOrdersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: OrderFilter | null | undefined;
}>;


export type ListOrdersQuery = { readonly orders: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly customer: { readonly id: string, readonly name: string | null, readonly email: string | null } | null, readonly total: { readonly amount: number, readonly currencyCode: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type OrderFileQueryVariables = Exact<{
  id: string;
}>;


export type OrderFileQuery = { readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly customer: { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string } | null, readonly items: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly quantity: number, readonly product: { readonly id: string, readonly imageUrl: string | null, readonly inStock: boolean } | null, readonly unitPrice: { readonly amount: number, readonly currencyCode: string }, readonly lineTotal: { readonly amount: number, readonly currencyCode: string } }>, readonly shippingAddress: { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string }, readonly billingAddress: { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string }, readonly payments: ReadonlyArray<{ readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } }>, readonly history: ReadonlyArray<{ readonly id: string, readonly type: string, readonly fromStatus: OrderStatus | null, readonly toStatus: OrderStatus, readonly reason: string | null, readonly actorId: string | null, readonly at: string }>, readonly total: { readonly amount: number, readonly currencyCode: string } } | null };

export type UpdateOrderStatusMutationVariables = Exact<{
  input: UpdateOrderStatusInput;
}>;


export type UpdateOrderStatusMutation = { readonly updateOrderStatus:
    | { readonly __typename: 'UpdateOrderStatusSuccess', readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidTransition', readonly from: OrderStatus, readonly to: OrderStatus | null, readonly code: string, readonly message: string }
   };

export type RefundOrderMutationVariables = Exact<{
  input: RefundOrderInput;
}>;


export type RefundOrderMutation = { readonly refundOrder:
    | { readonly __typename: 'RefundOrderSuccess', readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } }, readonly payment: { readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidTransition', readonly from: OrderStatus, readonly to: OrderStatus | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'RefundTooLarge', readonly code: string, readonly message: string, readonly refundable: { readonly amount: number, readonly currencyCode: string } }
    | { readonly __typename: 'IdempotencyConflict', readonly code: string, readonly message: string }
   };

export type AdjustStockMutationVariables = Exact<{
  input: AdjustStockInput;
}>;


export type AdjustStockMutation = { readonly adjustStock:
    | { readonly __typename: 'AdjustStockSuccess', readonly product: { readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly inventory: { readonly onHand: number, readonly reserved: number, readonly available: number } | null, readonly price: { readonly amount: number, readonly currencyCode: string } }, readonly movement: { readonly id: string, readonly type: StockMovementType, readonly onHandDelta: number, readonly reservedDelta: number, readonly onHandAfter: number, readonly reservedAfter: number, readonly reason: string | null, readonly orderId: string | null, readonly actorId: string | null, readonly createdAt: string } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InsufficientStock', readonly available: number, readonly code: string, readonly message: string }
    | { readonly __typename: 'IdempotencyConflict', readonly code: string, readonly message: string }
   };

export type LowStockQueryVariables = Exact<{
  threshold?: number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type LowStockQuery = { readonly lowStock: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly inventory: { readonly onHand: number, readonly reserved: number, readonly available: number } | null, readonly price: { readonly amount: number, readonly currencyCode: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type InventoryLedgerQueryVariables = Exact<{
  productId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type InventoryLedgerQuery = { readonly product: { readonly id: string, readonly sku: string, readonly name: string, readonly inventory: { readonly onHand: number, readonly reserved: number, readonly available: number, readonly movements: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly type: StockMovementType, readonly onHandDelta: number, readonly reservedDelta: number, readonly onHandAfter: number, readonly reservedAfter: number, readonly reason: string | null, readonly orderId: string | null, readonly actorId: string | null, readonly createdAt: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null } | null };

export type SearchProductsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: ProductFilter | null | undefined;
  sort?: ProductSort | null | undefined;
}>;


export type SearchProductsQuery = { readonly products: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly price: { readonly amount: number, readonly currencyCode: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } };

export type CountProductsQueryVariables = Exact<{
  filter?: ProductFilter | null | undefined;
}>;


export type CountProductsQuery = { readonly products: { readonly totalCount: number } };

export type CategoryTreeQueryVariables = Exact<{ [key: string]: never; }>;


export type CategoryTreeQuery = { readonly categories: ReadonlyArray<{ readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string } | null }> };

export type CategoryPageQueryVariables = Exact<{
  slug: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  sort?: ProductSort | null | undefined;
}>;


export type CategoryPageQuery = { readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null, readonly children: ReadonlyArray<{ readonly id: string, readonly slug: string, readonly name: string }>, readonly products: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly price: { readonly amount: number, readonly currencyCode: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } } | null };

export type ProductPageQueryVariables = Exact<{
  id: string;
}>;


export type ProductPageQuery = { readonly product: { readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } } | null };

export type ProductBySkuQueryVariables = Exact<{
  sku: string;
}>;


export type ProductBySkuQuery = { readonly productBySku: { readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } } | null };

export type CheckAvailabilityQueryVariables = Exact<{
  items: ReadonlyArray<AvailabilityInput> | AvailabilityInput;
}>;


export type CheckAvailabilityQuery = { readonly availability: ReadonlyArray<{ readonly productId: string, readonly requested: number, readonly available: number, readonly ok: boolean, readonly product: { readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly price: { readonly amount: number, readonly currencyCode: string } } | null }> };

export type PageFragment = { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null };

export type PriceFragment = { readonly amount: number, readonly currencyCode: string };

export type SessionTokensFragment = { readonly accessToken: string, readonly accessTokenExpiresAt: string, readonly refreshToken: string, readonly refreshTokenExpiresAt: string };

export type AccountFragment = { readonly id: string, readonly email: string | null, readonly name: string | null, readonly phone: string | null, readonly role: Role | null, readonly active: boolean | null, readonly createdAt: string, readonly updatedAt: string };

export type ProductCardFragment = { readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly price: { readonly amount: number, readonly currencyCode: string } };

export type ProductDetailsFragment = { readonly description: string, readonly onSale: boolean, readonly version: number, readonly createdAt: string, readonly updatedAt: string, readonly id: string, readonly sku: string, readonly name: string, readonly imageUrl: string | null, readonly availableQuantity: number, readonly inStock: boolean, readonly category: { readonly id: string, readonly slug: string, readonly name: string, readonly parent: { readonly id: string, readonly slug: string, readonly name: string } | null } | null, readonly price: { readonly amount: number, readonly currencyCode: string } };

export type StockFragment = { readonly onHand: number, readonly reserved: number, readonly available: number };

export type MovementFragment = { readonly id: string, readonly type: StockMovementType, readonly onHandDelta: number, readonly reservedDelta: number, readonly onHandAfter: number, readonly reservedAfter: number, readonly reason: string | null, readonly orderId: string | null, readonly actorId: string | null, readonly createdAt: string };

export type PostalAddressFragment = { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string };

export type PaymentAttemptFragment = { readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } };

export type OrderSummaryFragment = { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } };

export type OrderLineFragment = { readonly id: string, readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currencyCode: string }, readonly lineTotal: { readonly amount: number, readonly currencyCode: string } };

export type OrderDetailsFragment = { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly items: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly quantity: number, readonly product: { readonly id: string, readonly imageUrl: string | null, readonly inStock: boolean } | null, readonly unitPrice: { readonly amount: number, readonly currencyCode: string }, readonly lineTotal: { readonly amount: number, readonly currencyCode: string } }>, readonly shippingAddress: { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string }, readonly billingAddress: { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string }, readonly payments: ReadonlyArray<{ readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } }>, readonly history: ReadonlyArray<{ readonly id: string, readonly type: string, readonly fromStatus: OrderStatus | null, readonly toStatus: OrderStatus, readonly reason: string | null, readonly actorId: string | null, readonly at: string }>, readonly total: { readonly amount: number, readonly currencyCode: string } };

export type PlaceOrderMutationVariables = Exact<{
  input: PlaceOrderInput;
}>;


export type PlaceOrderMutation = { readonly placeOrder:
    | { readonly __typename: 'PlaceOrderSuccess', readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly items: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly quantity: number, readonly unitPrice: { readonly amount: number, readonly currencyCode: string }, readonly lineTotal: { readonly amount: number, readonly currencyCode: string } }>, readonly total: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'ProductUnavailable', readonly productId: string, readonly code: string, readonly message: string }
    | { readonly __typename: 'PriceChanged', readonly code: string, readonly message: string, readonly total: { readonly amount: number, readonly currencyCode: string } }
    | { readonly __typename: 'IdempotencyConflict', readonly code: string, readonly message: string }
   };

export type PayOrderMutationVariables = Exact<{
  input: PayOrderInput;
}>;


export type PayOrderMutation = { readonly payOrder:
    | { readonly __typename: 'PayOrderSuccess', readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } }, readonly payment: { readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidTransition', readonly from: OrderStatus, readonly to: OrderStatus | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'PaymentDeclined', readonly code: string, readonly message: string, readonly payment: { readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'PaymentProviderUnavailable', readonly code: string, readonly message: string }
    | { readonly __typename: 'PaymentInProgress', readonly code: string, readonly message: string }
    | { readonly __typename: 'IdempotencyConflict', readonly code: string, readonly message: string }
   };

export type CancelOrderMutationVariables = Exact<{
  input: CancelOrderInput;
}>;


export type CancelOrderMutation = { readonly cancelOrder:
    | { readonly __typename: 'CancelOrderSuccess', readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } } }
    | { readonly __typename: 'InvalidInput', readonly code: string, readonly message: string, readonly issues: ReadonlyArray<{ readonly path: string, readonly message: string }> }
    | { readonly __typename: 'NotFound', readonly id: string | null, readonly code: string, readonly message: string }
    | { readonly __typename: 'InvalidTransition', readonly from: OrderStatus, readonly to: OrderStatus | null, readonly code: string, readonly message: string }
   };

export type OrderPageQueryVariables = Exact<{
  id: string;
}>;


export type OrderPageQuery = { readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly items: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly name: string, readonly quantity: number, readonly product: { readonly id: string, readonly imageUrl: string | null, readonly inStock: boolean } | null, readonly unitPrice: { readonly amount: number, readonly currencyCode: string }, readonly lineTotal: { readonly amount: number, readonly currencyCode: string } }>, readonly shippingAddress: { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string }, readonly billingAddress: { readonly recipient: string | null, readonly street: string, readonly city: string, readonly state: string | null, readonly postalCode: string, readonly country: string }, readonly payments: ReadonlyArray<{ readonly id: string, readonly status: PaymentStatus, readonly method: string, readonly failureReason: string | null, readonly createdAt: string, readonly amount: { readonly amount: number, readonly currencyCode: string }, readonly refunded: { readonly amount: number, readonly currencyCode: string } }>, readonly history: ReadonlyArray<{ readonly id: string, readonly type: string, readonly fromStatus: OrderStatus | null, readonly toStatus: OrderStatus, readonly reason: string | null, readonly actorId: string | null, readonly at: string }>, readonly total: { readonly amount: number, readonly currencyCode: string } } | null };

export type OrderStateQueryVariables = Exact<{
  id: string;
}>;


export type OrderStateQuery = { readonly order: { readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly total: { readonly amount: number, readonly currencyCode: string } } | null };

export type MyOrdersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: OrderFilter | null | undefined;
}>;


export type MyOrdersQuery = { readonly me: { readonly id: string, readonly orders: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly number: string, readonly status: OrderStatus, readonly statusReason: string | null, readonly reservedUntil: string | null, readonly trackingNumber: string | null, readonly placedAt: string, readonly updatedAt: string, readonly items: ReadonlyArray<{ readonly id: string, readonly name: string, readonly quantity: number }>, readonly total: { readonly amount: number, readonly currencyCode: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null } } | null } | null };
