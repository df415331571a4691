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
  Query.personalData         | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | value
  Query.accountAudit         | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | value
  Query.inventoryAudit       | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | value
  Query.orderAudit           | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | value
  Query.project              | UNAUTHENTICATED     | value               | null                | value               | value
  Query.projects             | UNAUTHENTICATED     | value               | value               | value               | value
  Query.task                 | UNAUTHENTICATED     | value               | null                | value               | value
  Query.tasks                | UNAUTHENTICATED     | value               | value               | value               | value
  Query.taskAudit            | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | value
  Query.notifications        | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value
  Query.notificationAudit    | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | value

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
  Mutation.createUser        | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | InvalidInput
  Mutation.requestPasswordReset | InvalidInput     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.resetPassword     | InvalidToken        | InvalidToken        | InvalidToken        | InvalidToken        | InvalidToken
  Mutation.requestEmailVerification | UNAUTHENTICATED | RequestEmailVerificationSuccess | RequestEmailVerificationSuccess | RequestEmailVerificationSuccess | RequestEmailVerificationSuccess
  Mutation.verifyEmail       | InvalidToken        | InvalidToken        | InvalidToken        | InvalidToken        | InvalidToken
  Mutation.createProduct     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidInput        | InvalidInput
  Mutation.importProducts    | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidInput        | InvalidInput
  Mutation.updateProduct     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.deleteProduct     | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.createCategory    | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidInput        | InvalidInput
  Mutation.updateCategory    | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.moveCategory      | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.deleteCategory    | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.adjustStock       | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | NotFound            | NotFound
  Mutation.placeOrder        | UNAUTHENTICATED     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.cancelOrder       | UNAUTHENTICATED     | CancelOrderSuccess  | NotFound            | CancelOrderSuccess  | CancelOrderSuccess
  Mutation.payOrder          | UNAUTHENTICATED     | InvalidTransition   | NotFound            | NotFound            | NotFound
  Mutation.refundOrder       | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidTransition   | InvalidTransition
  Mutation.updateOrderStatus | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | InvalidTransition   | InvalidTransition
  Mutation.revokeAllSessions | UNAUTHENTICATED     | RevokeAllSessionsSuccess | RevokeAllSessionsSuccess | RevokeAllSessionsSuccess | RevokeAllSessionsSuccess
  Mutation.createProject     | UNAUTHENTICATED     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.updateProject     | UNAUTHENTICATED     | UpdateProjectSuccess | ProjectNotFound     | ProjectRoleRequired | ProjectRoleRequired
  Mutation.archiveProject    | UNAUTHENTICATED     | ArchiveProjectSuccess | ProjectNotFound     | ProjectRoleRequired | ProjectRoleRequired
  Mutation.deleteProject     | UNAUTHENTICATED     | ProjectNotFound     | ProjectNotFound     | ProjectNotFound     | ProjectNotFound
  Mutation.setProjectMember  | UNAUTHENTICATED     | SetProjectMemberSuccess | ProjectNotFound     | ProjectRoleRequired | ProjectRoleRequired
  Mutation.removeProjectMember | UNAUTHENTICATED     | LastOwner           | ProjectNotFound     | ProjectRoleRequired | ProjectRoleRequired
  Mutation.createTask        | UNAUTHENTICATED     | ProjectArchived     | ProjectNotFound     | ProjectRoleRequired | ProjectRoleRequired
  Mutation.updateTask        | UNAUTHENTICATED     | UpdateTaskSuccess   | TaskNotFound        | ProjectRoleRequired | ProjectRoleRequired
  Mutation.deleteTask        | UNAUTHENTICATED     | TaskNotFound        | TaskNotFound        | TaskNotFound        | TaskNotFound
  Mutation.addTaskComment    | UNAUTHENTICATED     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.updateNotificationPreferences | UNAUTHENTICATED     | InvalidInput        | InvalidInput        | InvalidInput        | InvalidInput
  Mutation.resendNotification | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | FORBIDDEN           | NotificationNotFound
  Mutation.unsubscribe       | InvalidToken        | InvalidToken        | InvalidToken        | InvalidToken        | InvalidToken

  User.email                 | null                | value               | null                | value               | value
  User.name                  | null                | value               | null                | value               | value
  User.phone                 | null                | value               | null                | value               | value
  User.role                  | null                | value               | null                | value               | value
  User.active                | null                | value               | null                | value               | value
  User.emailVerified         | null                | value               | null                | value               | value
  User.pendingEmail          | null                | value               | null                | null                | null
  User.sessions              | null                | value               | null                | null                | null
  User.orders                | null                | value               | null                | value               | value
  User.notifications         | UNAUTHENTICATED     | value               | null                | value               | value
  User.notificationPreferences | UNAUTHENTICATED     | value               | null                | null                | null
  User.id                    | value               | value               | value               | value               | value
  User.createdAt             | value               | value               | value               | value               | value
  User.updatedAt             | value               | value               | value               | value               | value
  Order.id                   | null                | value               | null                | value               | value
  Order.total                | null                | value               | null                | value               | value
  Order.shippingAddress      | null                | value               | null                | value               | value
  Order.customer             | null                | value               | null                | value               | value
  Order.payments             | null                | value               | null                | value               | value
  Project.key                | null                | value               | null                | value               | value
  Task.key                   | null                | value               | null                | value               | value
  Product.inventory          | UNAUTHENTICATED     | FORBIDDEN           | FORBIDDEN           | value               | value
`;

/** Fields that come with their object: every caller who gets the object gets them. */
export const withTheirObject: Readonly<Record<string, string>> = {
  // Streams: e2e/subscriptions.e2e.test.ts and gateway/src/live/live-queries.composition.test.ts ask who may watch.
  Subscription: 'orderUpdated ordersUpdated stockChanged taskUpdated',
  // An order is null to everybody but its customer and staff. The rows of its fields above ask for it as an entity.
  Order:
    'number status items billingAddress reservedUntil statusReason trackingNumber history version placedAt updatedAt',
  OrderItem: 'id product sku name unitPrice quantity lineTotal',
  OrderEvent: 'id type fromStatus toStatus reason actorId at',
  // Reached only through Order.payments and the results of mutations.
  Payment: 'id status amount refunded method failureReason createdAt',
  Address: 'recipient street city state postalCode country',
  Money: 'amount currencyCode',
  OrderConnection: 'edges nodes pageInfo totalCount cappedCount',
  OrderEdge: 'node cursor',
  CappedCount: 'count isCapped',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  // Reached by its recipient and by staff.
  Notification: 'id topic channel template status subject attempts lastError recipient order createdAt sentAt',
  NotificationConnection: 'edges nodes pageInfo totalCount cappedCount',
  NotificationEdge: 'node cursor',
  NotificationPreferences: 'locale topics',
  NotificationTopicPreference: 'topic channels',
  // Projects and tasks are null to everybody but the project's members and staff. Task.key and Project.key ask for them as entities.
  Project: 'id name description archived members viewerRole tasks version createdAt updatedAt',
  ProjectConnection: 'edges nodes pageInfo totalCount cappedCount',
  ProjectEdge: 'node cursor',
  ProjectMember: 'user role since',
  ProjectMemberConnection: 'edges nodes pageInfo totalCount cappedCount',
  ProjectMemberEdge: 'node cursor',
  Task:
    'id project title description status priority dueAt assignee creator order product comments history version createdAt updatedAt ' +
    'completedAt',
  TaskConnection: 'edges nodes pageInfo totalCount cappedCount',
  TaskEdge: 'node cursor',
  TaskEvent: 'fromStatus toStatus actorId at',
  TaskComment: 'id author text createdAt',
  TaskCommentConnection: 'edges nodes pageInfo totalCount cappedCount',
  TaskCommentEdge: 'node cursor',
  Product:
    'id sku name description price category imageUrl availableQuantity inStock stockVersion onSale version createdAt updatedAt',
  ProductConnection: 'edges nodes pageInfo totalCount cappedCount',
  ProductEdge: 'node cursor',
  Category: 'id slug name version parent children products',
  Availability: 'product productId requested available ok',
  // Reached only through Product.inventory and AdjustStockSuccess.
  Inventory: 'onHand reserved available movements',
  StockMovement: 'id type onHandDelta reservedDelta onHandAfter reservedAfter reason orderId actorId createdAt',
  StockMovementConnection: 'edges nodes pageInfo totalCount cappedCount',
  StockMovementEdge: 'node cursor',
  // Reached only through User.sessions, which only the user sees.
  Session: 'id createdAt lastUsedAt expiresAt userAgent ipAddress current',
  // Reached only by a caller who has just signed in.
  AuthTokens: 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt tokenType',
  // Reached only through Query.users.
  UserConnection: 'edges nodes pageInfo totalCount cappedCount',
  UserEdge: 'node cursor',
  // Reached only through Query.personalData and the audit logs.
  PersonalData: 'account pendingEmail formerEmails sessions audit',
  AuditEntry: 'id at actorId action subjectId details',
  AuditDetail: 'name value',
  AuditConnection: 'edges nodes pageInfo totalCount cappedCount',
  AuditEdge: 'node cursor',
  // Results of mutations.
  InvalidInput: 'code message issues',
  InputIssue: 'path message',
  ImportedProduct: 'sku outcome issues',
  NotFound: 'code message id',
  IdempotencyConflict: 'code message',
  ProductUnavailable: 'code message productId',
  PriceChanged: 'code message total',
  OrderLimitReached: 'code message limit maximum limitedProductId currencyCode',
  InvalidTransition: 'code message from to',
  PaymentDeclined: 'code message payment',
  PaymentProviderUnavailable: 'code message',
  PaymentInProgress: 'code message',
  RefundTooLarge: 'code message refundable',
  SkuTaken: 'code message sku productId onSale',
  SlugTaken: 'code message slug',
  CategoryNotEmpty: 'code message products children',
  VersionConflict: 'code message currentVersion',
  InsufficientStock: 'code message available',
  EmailTaken: 'code message',
  InvalidCredentials: 'code message',
  TooManyAttempts: 'code message retryAt',
  InvalidRefreshToken: 'code message',
  InvalidToken: 'code message',
  EmailNotVerified: 'code message',
  PlaceOrderSuccess: 'order',
  PayOrderSuccess: 'order payment',
  CancelOrderSuccess: 'order',
  UpdateOrderStatusSuccess: 'order',
  RefundOrderSuccess: 'order payment',
  CreateProductSuccess: 'product',
  ImportProductsSuccess: 'products',
  UpdateProductSuccess: 'product',
  DeleteProductSuccess: 'product',
  CreateCategorySuccess: 'category',
  UpdateCategorySuccess: 'category',
  MoveCategorySuccess: 'category',
  DeleteCategorySuccess: 'category movedProducts',
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
  CreateUserSuccess: 'user',
  RequestPasswordResetSuccess: 'ok',
  ResetPasswordSuccess: 'user',
  RequestEmailVerificationSuccess: 'ok',
  VerifyEmailSuccess: 'user',
  ProjectNotFound: 'code message',
  TaskNotFound: 'code message',
  ProjectRoleRequired: 'code message requiredRole',
  ProjectKeyTaken: 'code message',
  ProjectArchived: 'code message',
  LastOwner: 'code message',
  NotAMember: 'code message',
  CreateProjectSuccess: 'project',
  UpdateProjectSuccess: 'project',
  ArchiveProjectSuccess: 'project',
  DeleteProjectSuccess: 'projectId',
  SetProjectMemberSuccess: 'project',
  RemoveProjectMemberSuccess: 'project',
  CreateTaskSuccess: 'task',
  UpdateTaskSuccess: 'task',
  DeleteTaskSuccess: 'taskId',
  AddTaskCommentSuccess: 'task comment',
  NotificationNotFound: 'code message',
  NotificationNotFailed: 'code message',
  UpdateNotificationPreferencesSuccess: 'preferences',
  ResendNotificationSuccess: 'notification',
  UnsubscribeSuccess: 'topic',
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
