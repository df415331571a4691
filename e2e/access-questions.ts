import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@shop/contracts';
import { address } from './shop.ts';

export type SubgraphName = ServiceName;

/** The arguments that reach a member, for things that belong to customer A. */
export interface Things {
  readonly userId: string;
  readonly orderId: string;
  readonly productId: string;
  readonly sku: string;
  /** An order of customer A that is not cancelled. */
  newOrder(): Promise<string>;
  /** A cancelled order of customer A, which no mutation can change. */
  readonly cancelledOrderId: string;
  /** A project that customer A owns, with one task. */
  readonly projectId: string;
  readonly taskId: string;
  /** An archived project of customer A. */
  readonly archivedProjectId: string;
}

export interface Question {
  readonly subgraph: SubgraphName;
  readonly query: string;
  readonly variables?: object;
  /** The path of the answer in `data`. */
  readonly path: readonly (string | number)[];
}

const missing = '00000000-0000-7000-8000-000000000000';
const password = 'not the password of anybody';

/** Inputs that change nothing. A permitted caller gets an expected failure. */
const mutations: Readonly<
  Record<string, [subgraph: SubgraphName, type: string, input: (things: Things) => object | Promise<object>]>
> = {
  register: ['user', 'RegisterInput', () => ({ email: 'no e-mail', password: 'short', name: '' })],
  login: ['user', 'LoginInput', () => ({ email: `${randomUUID()}@example.com`, password })],
  refreshSession: ['user', 'RefreshSessionInput', () => ({ refreshToken: randomUUID() })],
  logout: ['user', 'LogoutInput', () => ({ refreshToken: randomUUID() })],
  revokeSession: ['user', 'RevokeSessionInput', () => ({ sessionId: missing })],
  updateProfile: ['user', 'UpdateProfileInput', () => ({ email: 'no e-mail' })],
  changePassword: [
    'user',
    'ChangePasswordInput',
    () => ({ currentPassword: password, newPassword: 'incorrect horse battery staple' }),
  ],
  deleteAccount: ['user', 'DeleteAccountInput', () => ({ password })],
  setUserRole: ['user', 'SetUserRoleInput', () => ({ userId: missing, role: 'STAFF' })],
  setUserActive: ['user', 'SetUserActiveInput', () => ({ userId: missing, active: true })],
  createUser: ['user', 'CreateUserInput', () => ({ email: 'no e-mail', name: '' })],
  requestPasswordReset: ['user', 'RequestPasswordResetInput', () => ({ email: 'no e-mail' })],
  resetPassword: [
    'user',
    'ResetPasswordInput',
    () => ({ token: randomUUID(), newPassword: 'incorrect horse battery staple' }),
  ],
  verifyEmail: ['user', 'VerifyEmailInput', () => ({ token: randomUUID() })],
  createProduct: [
    'product',
    'CreateProductInput',
    () => ({ sku: '', name: '', price: { amount: 0, currencyCode: 'USD' } }),
  ],
  importProducts: ['product', 'ImportProductsInput', () => ({ products: [] })],
  updateProduct: ['product', 'UpdateProductInput', () => ({ id: missing, name: 'Other' })],
  deleteProduct: ['product', 'DeleteProductInput', () => ({ id: missing })],
  createCategory: ['product', 'CreateCategoryInput', () => ({ slug: 'No slug', name: '' })],
  updateCategory: ['product', 'UpdateCategoryInput', () => ({ id: missing, name: 'Other' })],
  moveCategory: ['product', 'MoveCategoryInput', () => ({ id: missing })],
  deleteCategory: ['product', 'DeleteCategoryInput', () => ({ id: missing })],
  adjustStock: [
    'product',
    'AdjustStockInput',
    () => ({ productId: missing, delta: 1, reason: 'Counted', idempotencyKey: randomUUID() }),
  ],
  placeOrder: [
    'order',
    'PlaceOrderInput',
    () => ({ items: [], shippingAddress: address, idempotencyKey: randomUUID() }),
  ],
  payOrder: [
    'order',
    'PayOrderInput',
    ({ cancelledOrderId }) => ({ orderId: cancelledOrderId, paymentToken: 'tok_visa', idempotencyKey: randomUUID() }),
  ],
  cancelOrder: ['order', 'CancelOrderInput', async ({ newOrder }) => ({ orderId: await newOrder() })],
  updateOrderStatus: [
    'order',
    'UpdateOrderStatusInput',
    ({ cancelledOrderId }) => ({ orderId: cancelledOrderId, status: 'PROCESSING' }),
  ],
  refundOrder: [
    'order',
    'RefundOrderInput',
    ({ cancelledOrderId }) => ({ orderId: cancelledOrderId, reason: 'Scratched', idempotencyKey: randomUUID() }),
  ],
  createProject: ['task', 'CreateProjectInput', () => ({ key: 'no key', name: '' })],
  updateProject: ['task', 'UpdateProjectInput', ({ projectId }) => ({ id: projectId })],
  archiveProject: ['task', 'ArchiveProjectInput', ({ archivedProjectId }) => ({ id: archivedProjectId })],
  deleteProject: ['task', 'DeleteProjectInput', () => ({ id: missing })],
  setProjectMember: [
    'task',
    'SetProjectMemberInput',
    ({ projectId, userId }) => ({ projectId, userId, role: 'OWNER' }),
  ],
  removeProjectMember: ['task', 'RemoveProjectMemberInput', ({ projectId, userId }) => ({ projectId, userId })],
  createTask: [
    'task',
    'CreateTaskInput',
    ({ archivedProjectId }) => ({ projectId: archivedProjectId, title: 'Too late' }),
  ],
  updateTask: ['task', 'UpdateTaskInput', ({ taskId }) => ({ id: taskId })],
  deleteTask: ['task', 'DeleteTaskInput', () => ({ id: missing })],
  addTaskComment: ['task', 'AddTaskCommentInput', ({ taskId }) => ({ taskId, text: '' })],
  updateNotificationPreferences: ['notification', 'UpdateNotificationPreferencesInput', () => ({ locale: 'none' })],
  resendNotification: ['notification', 'ResendNotificationInput', () => ({ id: missing })],
  unsubscribe: ['notification', 'UnsubscribeInput', () => ({ token: randomUUID() })],
};

const queries: Readonly<Record<string, (things: Things) => [subgraph: SubgraphName, selection: string]>> = {
  me: () => ['user', 'me { id }'],
  user: ({ userId }) => ['user', `user(id: "${userId}") { id }`],
  users: () => ['user', 'users { totalCount }'],
  personalData: ({ userId }) => ['user', `personalData(userId: "${userId}") { account { id } }`],
  accountAudit: () => ['user', 'accountAudit { totalCount }'],
  inventoryAudit: () => ['product', 'inventoryAudit { totalCount }'],
  orderAudit: () => ['order', 'orderAudit { totalCount }'],
  product: ({ productId }) => ['product', `product(id: "${productId}") { id }`],
  productBySku: ({ sku }) => ['product', `productBySku(sku: "${sku}") { id }`],
  products: () => ['product', 'products { totalCount }'],
  categories: () => ['product', 'categories { id }'],
  category: () => ['product', 'category(slug: "nowhere") { id }'],
  availability: ({ productId }) => [
    'product',
    `availability(items: [{ productId: "${productId}", quantity: 1 }]) { ok }`,
  ],
  lowStock: () => ['product', 'lowStock { totalCount }'],
  order: ({ orderId }) => ['order', `order(id: "${orderId}") { id }`],
  orders: () => ['order', 'orders { totalCount }'],
  project: ({ projectId }) => ['task', `project(id: "${projectId}") { id }`],
  projects: () => ['task', 'projects { totalCount }'],
  task: ({ taskId }) => ['task', `task(id: "${taskId}") { id }`],
  tasks: () => ['task', 'tasks { totalCount }'],
  taskAudit: () => ['task', 'taskAudit { totalCount }'],
  notifications: () => ['notification', 'notifications { totalCount }'],
  notificationAudit: () => ['notification', 'notificationAudit { totalCount }'],
};

const selections: Readonly<Record<string, string>> = {
  'User.sessions': '{ id }',
  'User.orders': '{ totalCount }',
  'User.notifications': '{ totalCount }',
  'User.notificationPreferences': '{ locale }',
  'Order.total': '{ amount }',
  'Order.customer': '{ id }',
  'Order.shippingAddress': '{ street }',
  'Order.payments': '{ id }',
  'Product.inventory': '{ onHand movements { totalCount } }',
};

/** Fields that another subgraph adds to an entity. */
const extensions: Readonly<Record<string, SubgraphName>> = {
  'User.orders': 'order',
  'User.notifications': 'notification',
  'User.notificationPreferences': 'notification',
};

/** A field is requested on its object as an entity, from the subgraph that resolves the field. */
function entityQuestion(type: string, field: string, things: Things): Question {
  const owners: Readonly<Record<string, SubgraphName>> = {
    Order: 'order',
    Product: 'product',
    Project: 'task',
    Task: 'task',
    User: 'user',
  };
  const subgraph = extensions[`${type}.${field}`] ?? owners[type];
  if (subgraph === undefined)
    throw new Error(`No subgraph answers ${type}.${field}. Add it to e2e/access-questions.ts.`);
  const { userId, orderId, productId, projectId, taskId } = things;
  const id = { User: userId, Order: orderId, Product: productId, Project: projectId, Task: taskId }[type];
  return {
    subgraph,
    query: `query ($them: [_Any!]!) {
      _entities(representations: $them) { ... on ${type} { ${field} ${selections[`${type}.${field}`] ?? ''} } }
    }`,
    variables: { them: [{ __typename: type, id }] },
    path: ['_entities', 0, field],
  };
}

/** @throws Error for a member that has a row in the matrix and no question here */
export async function questionFor(member: string, things: Things): Promise<Question> {
  const [type = '', field = ''] = member.split('.');
  if (type === 'Query') {
    const query = queries[field];
    if (query === undefined) throw new Error(`No question asks for ${member}. Add one to e2e/access-questions.ts.`);
    const [subgraph, selection] = query(things);
    return { subgraph, query: `{ ${selection} }`, path: [field] };
  }
  if (type !== 'Mutation') return entityQuestion(type, field, things);
  if (field === 'revokeAllSessions' || field === 'requestEmailVerification') {
    return { subgraph: 'user', query: `mutation { ${field} { __typename } }`, path: [field] };
  }
  const mutation = mutations[field];
  if (mutation === undefined) throw new Error(`No question asks for ${member}. Add one to e2e/access-questions.ts.`);
  const [subgraph, inputType, input] = mutation;
  return {
    subgraph,
    query: `mutation ($input: ${inputType}!) { ${field}(input: $input) { __typename } }`,
    variables: { input: await input(things) },
    path: [field],
  };
}
