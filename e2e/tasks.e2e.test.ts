import {
  AddTaskComment,
  createShopClient,
  CreateProject,
  CreateTask,
  type CreateTaskInput,
  DeleteAccount,
  expectSuccess,
  ListTasks,
  newIdempotencyKey,
  PlaceOrder,
  ProjectMembers,
  ProjectPage,
  RemoveProjectMember,
  SetProjectMember,
  signUp,
  TaskPage,
  UpdateTask,
  type ShopClient,
} from '@shop/client';
import { eventually } from '@shop/testing';
import { address, openSharedShop, type SharedShop } from './shop.ts';

const password = 'correct horse battery staple';

let shop: SharedShop;
let owner: Account;
let projectId: string;
let taskId: string;

interface Account {
  readonly client: ShopClient;
  readonly id: string;
}

beforeAll(async () => {
  shop = await openSharedShop();
  owner = await openAccount();
  const key = `E${newIdempotencyKey().replaceAll('-', '').slice(0, 12).toUpperCase()}`;
  const input = { key, name: 'Open the shop' };
  projectId = expectSuccess((await owner.client.request(CreateProject, { input })).createProject).project.id;
  taskId = await openTask(owner.client, 'Paint the sign');
});

async function openAccount(): Promise<Account> {
  const client = createShopClient({ url: shop.system.graphqlUrl });
  const email = `${newIdempotencyKey()}@example.com`;
  const { user } = expectSuccess(await signUp(client, { email, password, name: 'Ada' }));
  return { client, id: user.id };
}

async function openTask(
  client: ShopClient,
  title: string,
  rest: Partial<Pick<CreateTaskInput, 'assigneeId' | 'orderId' | 'productId'>> = {},
): Promise<string> {
  return expectSuccess((await client.request(CreateTask, { input: { projectId, title, ...rest } })).createTask).task.id;
}

const share = async (member: Account, role: 'OWNER' | 'MANAGER' | 'MEMBER' | 'VIEWER') =>
  (await owner.client.request(SetProjectMember, { input: { projectId, userId: member.id, role } })).setProjectMember;
const rename = async ({ client }: Account, title: string) =>
  (await client.request(UpdateTask, { input: { id: taskId, title } })).updateTask;
const read = async ({ client }: Account) => {
  const { project } = await client.request(ProjectPage, { id: projectId });
  const { task } = await client.request(TaskPage, { id: taskId });
  const { tasks } = await client.request(ListTasks, { filter: { projectId } });
  return { role: project?.viewerRole ?? null, task: task?.title ?? null, count: tasks.totalCount };
};

test('a project is shared with a second account, and its roles hold', async () => {
  const friend = await openAccount();
  expect(await read(friend)).toEqual({ role: null, task: null, count: 0 });
  expect(await rename(friend, 'Mine')).toMatchObject({ __typename: 'TaskNotFound' });

  expectSuccess(await share(friend, 'VIEWER'));
  const title = 'Paint the sign';
  expect(await read(friend)).toMatchObject({ role: 'VIEWER', task: title });
  expect(await rename(friend, 'Mine')).toMatchObject({ __typename: 'ProjectRoleRequired', requiredRole: 'MEMBER' });

  expectSuccess(await share(friend, 'MEMBER'));
  expectSuccess(await rename(friend, 'Paint the sign green'));
  const remark = { input: { taskId, text: 'Which green?' } };
  expectSuccess((await friend.client.request(AddTaskComment, remark)).addTaskComment);
  const refused = (
    await friend.client.request(SetProjectMember, {
      input: { projectId, userId: friend.id, role: 'OWNER' },
    })
  ).setProjectMember;
  expect(refused).toMatchObject({ __typename: 'ProjectRoleRequired', requiredRole: 'OWNER' });

  const { task } = await owner.client.request(TaskPage, { id: taskId });
  expect(task).toMatchObject({ title: 'Paint the sign green', history: [{ toStatus: 'TODO' }] });
  expect(task?.comments.nodes.map(({ text, author }) => [text, author?.id])).toEqual([['Which green?', friend.id]]);
  // A member sees who the others are, and no personal data of theirs.
  const { project } = await friend.client.request(ProjectMembers, { id: projectId });
  expect(project?.members.nodes.map(({ role, user }) => [role, user?.id, user?.name])).toEqual([
    ['OWNER', owner.id, null],
    ['MEMBER', friend.id, 'Ada'],
  ]);

  const leave = { input: { projectId, userId: friend.id } };
  const left = expectSuccess((await friend.client.request(RemoveProjectMember, leave)).removeProjectMember);
  expect(left.project.viewerRole).toBeNull();
  expect(await read(friend)).toEqual({ role: null, task: null, count: 0 });
});

test('an account that does not exist cannot become a member, and the owner cannot leave', async () => {
  const nobody = { client: owner.client, id: '00000000-0000-7000-8000-000000000000' };
  expect(await share(nobody, 'MEMBER')).toMatchObject({ __typename: 'NotAMember' });
  const input = { projectId, userId: owner.id };
  const { removeProjectMember } = await owner.client.request(RemoveProjectMember, { input });
  expect(removeProjectMember).toMatchObject({ __typename: 'LastOwner' });
});

test('the order of a task is null, without an error, for a member who may not see it', async () => {
  const [friend, productId] = [await openAccount(), await shop.newProduct()];
  expectSuccess(await share(friend, 'VIEWER'));
  const order = expectSuccess(
    (
      await owner.client.request(PlaceOrder, {
        input: { items: [{ productId, quantity: 1 }], shippingAddress: address },
      })
    ).placeOrder,
  ).order;
  const id = await openTask(owner.client, 'Pack it', { orderId: order.id, productId });
  const about = async ({ client }: Account) => (await client.request(TaskPage, { id })).task;
  expect(await about(owner)).toMatchObject({ order: { number: order.number }, product: { id: productId } });
  expect(await about(friend)).toMatchObject({ order: null, product: { id: productId } });
});

test('an anonymous caller sees no project', async () => {
  const anyone = createShopClient({ url: shop.system.graphqlUrl });
  await expect(anyone.request(ProjectPage, { id: projectId })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('deleting an account takes its tasks from it, and keeps them', async () => {
  const leaver = await openAccount();
  expectSuccess(await share(leaver, 'MEMBER'));
  const id = await openTask(leaver.client, 'Order the paint', { assigneeId: leaver.id });
  expectSuccess((await leaver.client.request(DeleteAccount, { input: { password } })).deleteAccount);
  await eventually(async () => {
    const { task } = await owner.client.request(TaskPage, { id });
    expect(task).toMatchObject({ title: 'Order the paint', assignee: null, creator: null });
    const { project } = await owner.client.request(ProjectMembers, { id: projectId });
    expect(project?.members.nodes.map(({ user }) => user?.id)).not.toContain(leaver.id);
  });
});
