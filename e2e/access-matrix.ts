/**
 * The access rules for data that belongs to customer A. A new member of the schema needs a row here, or an entry in the
 * list of fields below that come with their object. `access-matrix.unit.test.ts` fails for a member without either, and
 * `access.e2e.test.ts` checks the answers.
 *
 * A cell is the answer that the caller gets: `value`; `null`; the error's code; or, for a mutation, the member of its
 * result union. An expected failure shows that the mutation was reached, just as a success does.
 */
const table = `
  member                     | anonymous           | customer A          | customer B          | staff               | admin
  ---------------------------|---------------------|---------------------|---------------------|---------------------|--------------------
  Query.me                   | null                | value               | value               | value               | value
  Query.user                 | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value
  Query.users                | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value
  Query.product              | value               | value               | value               | value               | value
  Query.productBySku         | value               | value               | value               | value               | value
  Query.products             | value               | value               | value               | value               | value
  Query.categories           | value               | value               | value               | value               | value
  Query.category             | null                | null                | null                | null                | null
  Query.availability         | value               | value               | value               | value               | value
  Query.lowStock             | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value
  Query.order                | UNAUTHENTICATED     | value               | null                | value               | value
  Query.orders               | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value

  Mutation.register          | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.login             | InvalidCredentials  | InvalidCredentials  | InvalidCredentials  | InvalidCredentials  | InvalidCredentials
  Mutation.refreshSession    | InvalidRefreshToken | InvalidRefreshToken | InvalidRefreshToken | InvalidRefreshToken | InvalidRefreshToken
  Mutation.logout            | LogoutSuccess       | LogoutSuccess       | LogoutSuccess       | LogoutSuccess       | LogoutSuccess
  Mutation.revokeSession     | UNAUTHENTICATED     | NotFound            | NotFound            | NotFound            | NotFound
  Mutation.updateProfile     | UNAUTHENTICATED     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.changePassword    | UNAUTHENTICATED     | InvalidCredentials  | InvalidCredentials  | InvalidCredentials  | InvalidCredentials
  Mutation.deleteAccount     | UNAUTHENTICATED     | InvalidCredentials  | InvalidCredentials  | InvalidCredentials  | InvalidCredentials
  Mutation.setUserRole       | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | NotFound
  Mutation.setUserActive     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | NotFound
  Mutation.createProduct     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidInput        | InvalidInput
  Mutation.updateProduct     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.deleteProduct     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.createCategory    | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidInput        | InvalidInput
  Mutation.adjustStock       | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.placeOrder        | UNAUTHENTICATED     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.cancelOrder       | UNAUTHENTICATED     | CancelOrderSuccess  | NotFound            | CancelOrderSuccess  | CancelOrderSuccess
  Mutation.payOrder          | UNAUTHENTICATED     | InvalidTransition   | NotFound            | NotFound            | NotFound
  Mutation.refundOrder       | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidTransition   | InvalidTransition
  Mutation.updateOrderStatus | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidTransition   | InvalidTransition
  Mutation.revokeAllSessions | UNAUTHENTICATED     | RevokeAllSessionsSuccess | RevokeAllSessionsSuccess | RevokeAllSessionsSuccess | RevokeAllSessionsSuccess

  User.email                 | null                | value               | null                | value               | value
  User.name                  | null                | value               | null                | value               | value
  User.phone                 | null                | value               | null                | value               | value
  User.role                  | null                | value               | null                | value               | value
  User.active                | null                | value               | null                | value               | value
  User.sessions              | null                | value               | null                | null                | null
  User.orders                | null                | value               | null                | value               | value
  User.id                    | value               | value               | value               | value               | value
  User.createdAt             | value               | value               | value               | value               | value
  User.updatedAt             | value               | value               | value               | value               | value
  Order.id                   | null                | value               | null                | value               | value
  Order.total                | null                | value               | null                | value               | value
  Order.shippingAddress      | null                | value               | null                | value               | value
  Order.customer             | null                | value               | null                | value               | value
  Order.payments             | null                | value               | null                | value               | value
  Product.inventory          | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value
`;

/** Fields that come with their object: every caller who gets the object gets them. */
export const withTheirObject: Readonly<Record<string, string>> = {
  // An order is null to everybody but its customer and staff. The rows of its fields above ask for it as an entity.
  Order: 'number status items billingAddress reservedUntil statusReason trackingNumber history placedAt updatedAt',
  OrderItem: 'id product sku name unitPrice quantity lineTotal',
  OrderEvent: 'id type fromStatus toStatus reason actorId at',
  // Reached only through Order.payments and the results of mutations.
  Payment: 'id status amount refunded method failureReason createdAt',
  Address: 'recipient street city state postalCode country',
  Money: 'amount currencyCode',
  OrderConnection: 'edges nodes pageInfo totalCount',
  OrderEdge: 'node cursor',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  Product:
    'id sku name description price category imageUrl availableQuantity inStock onSale version createdAt updatedAt',
  ProductConnection: 'edges nodes pageInfo totalCount',
  ProductEdge: 'node cursor',
  Category: 'id slug name parent children products',
  Availability: 'product productId requested available ok',
  // Reached only through Product.inventory and AdjustStockSuccess.
  Inventory: 'onHand reserved available movements',
  StockMovement: 'id type onHandDelta reservedDelta onHandAfter reservedAfter reason orderId actorId createdAt',
  StockMovementConnection: 'edges nodes pageInfo totalCount',
  StockMovementEdge: 'node cursor',
  // Reached only through User.sessions, which only the user sees.
  Session: 'id createdAt lastUsedAt expiresAt userAgent ipAddress current',
  // Reached only by a caller who has just signed in.
  AuthTokens: 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt tokenType',
  // Reached only through Query.users.
  UserConnection: 'edges nodes pageInfo totalCount',
  UserEdge: 'node cursor',
  // Results of mutations.
  InvalidInput: 'code message issues',
  InputIssue: 'path message',
  NotFound: 'code message id',
  IdempotencyConflict: 'code message',
  ProductUnavailable: 'code message productId',
  PriceChanged: 'code message total',
  InvalidTransition: 'code message from to',
  PaymentDeclined: 'code message payment',
  PaymentProviderUnavailable: 'code message',
  PaymentInProgress: 'code message',
  RefundTooLarge: 'code message refundable',
  SkuTaken: 'code message sku',
  SlugTaken: 'code message slug',
  VersionConflict: 'code message currentVersion',
  InsufficientStock: 'code message available',
  EmailTaken: 'code message',
  InvalidCredentials: 'code message',
  TooManyAttempts: 'code message retryAt',
  InvalidRefreshToken: 'code message',
  PlaceOrderSuccess: 'order',
  PayOrderSuccess: 'order payment',
  CancelOrderSuccess: 'order',
  UpdateOrderStatusSuccess: 'order',
  RefundOrderSuccess: 'order payment',
  CreateProductSuccess: 'product',
  UpdateProductSuccess: 'product',
  DeleteProductSuccess: 'product',
  CreateCategorySuccess: 'category',
  AdjustStockSuccess: 'product movement',
  RegisterSuccess: 'user tokens',
  LoginSuccess: 'user tokens',
  RefreshSessionSuccess: 'tokens',
  LogoutSuccess: 'ok',
  RevokeSessionSuccess: 'sessionId',
  RevokeAllSessionsSuccess: 'revoked',
  UpdateProfileSuccess: 'user',
  ChangePasswordSuccess: 'user',
  DeleteAccountSuccess: 'userId',
  SetUserRoleSuccess: 'user',
  SetUserActiveSuccess: 'user',
};

export const callers = ['anonymous', 'customer A', 'customer B', 'staff', 'admin'] as const;
export type Caller = (typeof callers)[number];

export interface Row {
  /** `Type.field`. */
  readonly member: string;
  readonly cells: Readonly<Record<Caller, string>>;
}

export const rows: readonly Row[] = table
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([member]) => member?.includes('.'))
  .map(([member = '', ...cells]) => ({
    member,
    cells: Object.fromEntries(callers.map((caller, index) => [caller, cells[index] ?? ''])) as Row['cells'],
  }));
