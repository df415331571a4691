import { uuidv7 } from '@shop/subgraph';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import type { Project } from '../domain/project.ts';
import type { Task } from '../domain/task.ts';
import type { Caller } from './dependencies.ts';
import { addTaskComment } from './add-task-comment.ts';
import { archiveProject } from './archive-project.ts';
import { createMemberPageLoader, listProjects, type ListProjects } from './list-projects.ts';
import { createCommentPageLoader, createTaskPageLoader, listTasks, type ListTasks } from './list-tasks.ts';
import { updateTask } from './update-task.ts';

let scene: TaskScene;
const owner = newCaller();
let projects: Project[];
let tasks: Task[];
const orderId = uuidv7();
const productId = uuidv7();

const day = (number: number) => new Date(Date.UTC(2027, 0, number));
/** Two projects, with tasks that share due dates and priorities, so that ids must break ties. */
const specs = Array.from({ length: 24 }, (_, index) => ({
  title: `Task ${String(index).padStart(2, '0')}`,
  dueAt: index % 4 === 0 ? null : day(1 + (index % 3)),
  priority: (['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const)[index % 4],
}));

beforeAll(async () => {
  scene = await openTaskScene();
  projects = [await scene.openProject(owner), await scene.openProject(owner)];
  tasks = [];
  for (const [index, spec] of specs.entries()) tasks.push(await scene.openTask(projects[index % 2]!, owner, spec));
  // Somebody else's tasks, of which no list may say anything.
  const stranger = newCaller();
  await scene.openTask(await scene.openProject(stranger), stranger, { title: 'Task 00', orderId, productId });
});
afterAll(() => scene?.stop());

const list = (args: ListTasks, reader: Caller = owner) => listTasks(scene.dependencies, args, reader);
const titles = async (args: ListTasks, reader: Caller = owner) => {
  const page = await list({ first: 100, ...args }, reader);
  expect(await page.totalCount()).toBe(page.nodes.length);
  expect(await page.cappedCount()).toEqual({ count: page.nodes.length, isCapped: false });
  return page.nodes.map(({ title }) => title);
};

/** Reads a list page by page in one direction, and returns it in the order of the list. */
async function walk(args: ListTasks, size: number, isForward: boolean): Promise<string[]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const place: ListTasks = isForward ? { first: size, after: cursor } : { last: size, before: cursor };
    const { nodes, pageInfo }: Awaited<ReturnType<typeof list>> = await list({ ...args, ...place });
    expect(nodes.length).toBeGreaterThan(0);
    if (isForward) pages.push(nodes.map(({ id }) => id));
    else pages.unshift(nodes.map(({ id }) => id));
    cursor = isForward
      ? pageInfo.hasNextPage
        ? pageInfo.endCursor
        : null
      : pageInfo.hasPreviousPage
        ? pageInfo.startCursor
        : null;
  } while (cursor !== null);
  return pages.flat();
}

const sorts = (['CREATED_AT', 'UPDATED_AT', 'DUE_AT', 'PRIORITY'] as const).flatMap((field) =>
  (['ASC', 'DESC'] as const).map((direction) => [field, direction] as const),
);

/** The order that the contract promises, computed without SQL. */
function expectedOrder(field: (typeof sorts)[number][0], direction: 'ASC' | 'DESC'): string[] {
  const keyOf = (task: Task): number => {
    if (field === 'PRIORITY') return ['LOW', 'NORMAL', 'HIGH', 'URGENT'].indexOf(task.priority);
    if (field === 'DUE_AT') return task.dueAt?.getTime() ?? (direction === 'ASC' ? Infinity : -Infinity);
    return (field === 'CREATED_AT' ? task.createdAt : task.updatedAt).getTime();
  };
  const compare = (a: Task, b: Task) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.id < b.id ? -1 : 1);
  return [...tasks].sort((a, b) => (direction === 'ASC' ? compare(a, b) : compare(b, a))).map(({ id }) => id);
}

test.each(sorts)(
  'by %s %s, pages of every size give the same list in both directions',
  async (field, direction) => {
    const sort = { field, direction };
    const expected = expectedOrder(field, direction);
    for (const size of [1, 5, 24]) {
      for (const isForward of [true, false]) {
        expect([size, isForward, await walk({ sort }, size, isForward)]).toEqual([size, isForward, expected]);
      }
    }
    // The list of one project, and that of staff, are read in other ways.
    const ofProject = expected.filter((id) => tasks.find((task) => task.id === id)?.projectId === projects[0]!.id);
    expect(await walk({ sort, filter: { projectId: projects[0]!.id } }, 5, true)).toEqual(ofProject);
    const pages = createTaskPageLoader(scene.dependencies, owner);
    const page = await pages.load({ parentId: projects[0]!.id, args: { sort, first: 100 } });
    expect(page.nodes.map(({ id }) => id)).toEqual(ofProject);
    const all = await list({ sort, first: 100 }, newCaller(true));
    expect(all.nodes.map(({ id }) => id).filter((id) => expected.includes(id))).toEqual(expected);
  },
  30_000,
);

test('tasks without a due date are last in both directions', async () => {
  for (const direction of ['ASC', 'DESC'] as const) {
    const { nodes } = await list({ first: 100, sort: { field: 'DUE_AT', direction } });
    expect(nodes.slice(-6).every(({ dueAt }) => dueAt === null)).toBe(true);
    expect(nodes.slice(0, -6).every(({ dueAt }) => dueAt !== null)).toBe(true);
  }
});

test('pages stay stable while tasks are added and change', async () => {
  const project = await scene.openProject(owner);
  for (const title of ['a', 'b', 'c', 'd']) await scene.openTask(project, owner, { title });
  const args = { filter: { projectId: project.id }, first: 2 };
  const first = await list(args);
  await scene.openTask(project, owner, { title: 'e' });
  await updateTask(scene.dependencies, { id: first.nodes[0]!.id, title: 'changed' }, owner);
  const second = await list({ ...args, after: first.pageInfo.endCursor });
  expect([...first.nodes, ...second.nodes].map(({ title }) => title)).toEqual(['d', 'c', 'b', 'a']);
});

test('a cursor of another order, a forged one, and bad sizes are refused', async () => {
  const page = await list({ first: 1, sort: { field: 'DUE_AT', direction: 'ASC' } });
  const after = page.pageInfo.endCursor;
  const forge = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const attempts: ListTasks[] = [
    { after },
    { after, sort: { field: 'DUE_AT', direction: 'DESC' } },
    { after: forge(['DUE_AT', 'ASC', '-infinity', uuidv7()]), sort: { field: 'DUE_AT', direction: 'ASC' } },
    { after: forge(['PRIORITY', 'ASC', 'HUGE', uuidv7()]), sort: { field: 'PRIORITY', direction: 'ASC' } },
    { after: forge(['CREATED_AT', 'DESC', "'; DROP TABLE tasks", uuidv7()]) },
    { first: 101 },
    { first: 1, last: 1 },
  ];
  for (const args of attempts) {
    await expect(list(args)).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  }
});

test('filters apply together, and what cannot match finds nothing', async () => {
  const project = await scene.openProject(owner);
  const member = await scene.addMember(project, owner, 'MEMBER');
  const filter = { projectId: project.id };
  const about = await scene.openTask(project, owner, {
    title: 'about',
    orderId,
    productId,
    priority: 'URGENT',
    dueAt: day(5),
    assigneeId: member.userId,
  });
  const plain = await scene.openTask(project, owner, { title: 'plain' });
  await updateTask(scene.dependencies, { id: plain.id, status: 'DONE' }, owner);
  const [yes, no] = [['about'], []];
  expect(await titles({ filter: { ...filter, status: ['TODO', 'BLOCKED'] } })).toEqual(yes);
  expect(await titles({ filter: { ...filter, status: ['DONE'] } })).toEqual(['plain']);
  expect(await titles({ filter: { ...filter, priority: ['URGENT', 'HIGH'] } })).toEqual(yes);
  expect(await titles({ filter: { ...filter, dueBefore: day(6) } })).toEqual(yes);
  expect(await titles({ filter: { ...filter, dueBefore: day(5) } })).toEqual(no);
  expect(await titles({ filter: { orderId } })).toEqual(yes);
  expect(await titles({ filter: { productId: productId.toUpperCase() } })).toEqual(yes);
  expect(await titles({ filter: { assigneeId: member.userId } })).toEqual(yes);
  expect(await titles({ filter: { mine: true } }, member)).toEqual(yes);
  expect(await titles({ filter: { mine: true, assigneeId: owner.userId } }, member)).toEqual(no);
  expect(await titles({ filter: { ...filter, mine: false } }, member)).toEqual(['plain', 'about']);
  expect(await titles({ filter: { ...filter, status: [] } })).toEqual(no);
  expect(await titles({ filter: { orderId: 'no id' } })).toEqual(no);
  expect(await titles({ filter: { search: 'a\0b' } })).toEqual(no);
  expect(about.orderId).toBe(orderId);
});

test('a search finds parts of titles and descriptions and keys, in any case and any script', async () => {
  const project = await scene.openProject(owner);
  const title = 'Straße nach Köln: 100%_Rabatt';
  await scene.openTask(project, owner, { title, description: 'Zweite Zeile\nОтправить заказ' });
  await scene.openTask(project, owner, { title: 'Other' });
  const search = (text: string) => titles({ filter: { search: text, projectId: project.id } });
  for (const text of ['KÖLN', 'straße', '100%_r', 'ЗАКАЗ', ' zweite ', `${project.key}-1`.toLowerCase(), 'Ｋöln', 'ö'])
    expect([text, await search(text)]).toEqual([text, [title]]);
  for (const text of ['100%x', 'rabattzweite', '\\', 'nothing']) expect([text, await search(text)]).toEqual([text, []]);
  expect(await search('  ')).toHaveLength(2);
});

test('projects are found by part of a name or key, archived or not', async () => {
  const caller = newCaller();
  const first = await scene.openProject(caller, { name: 'Frühling 2027' });
  const second = await scene.openProject(caller, { name: 'Sommer' });
  await archiveProject(scene.dependencies, second.id, caller);
  const find = async (filter: ListProjects['filter'], reader = caller) => {
    const page = await listProjects(scene.dependencies, { filter }, reader);
    expect(await page.totalCount()).toBe(page.nodes.length);
    return page.nodes.map(({ name }) => name);
  };
  expect(await find(null)).toEqual(['Sommer', 'Frühling 2027']);
  expect(await find({ search: 'FRÜHL' })).toEqual(['Frühling 2027']);
  expect(await find({ search: first.key.toLowerCase() })).toEqual(['Frühling 2027']);
  expect(await find({ archived: true })).toEqual(['Sommer']);
  expect(await find({ archived: false })).toEqual(['Frühling 2027']);
  expect(await find({ search: 'FRÜHL' }, newCaller())).toEqual([]);
  const one = await listProjects(scene.dependencies, { first: 1 }, caller);
  const next = await listProjects(scene.dependencies, { first: 1, after: one.pageInfo.endCursor }, caller);
  const back = await listProjects(scene.dependencies, { last: 1, before: next.pageInfo.startCursor }, caller);
  expect([one, next, back].map(({ nodes }) => nodes[0]?.name)).toEqual(['Sommer', 'Frühling 2027', 'Sommer']);
  expect([one.pageInfo.hasNextPage, next.pageInfo.hasNextPage]).toEqual([true, false]);
});

test('members and comments have pages in both directions', async () => {
  const { project, OWNER, MANAGER, MEMBER, VIEWER } = await scene.openTeam();
  const task = await scene.openTask(project, OWNER);
  for (const text of ['one', 'two', 'three'])
    await addTaskComment(scene.dependencies, { taskId: task.id, text }, MEMBER);
  const members = createMemberPageLoader(scene.dependencies, VIEWER);
  const first = await members.load({ parentId: project.id, args: { first: 3 } });
  const last = await members.load({ parentId: project.id, args: { last: 2 } });
  const after = await members.load({ parentId: project.id, args: { after: first.pageInfo.endCursor } });
  const idsOf = ({ nodes }: typeof first) => nodes.map(({ userId }) => userId);
  const [a, b, c, d] = [OWNER, MANAGER, MEMBER, VIEWER].map(({ userId }) => userId);
  expect([idsOf(first), idsOf(last), idsOf(after)]).toEqual([[a, b, c], [c, d], [d]]);
  expect(await first.totalCount()).toBe(4);
  const comments = createCommentPageLoader(scene.dependencies);
  const read = async (args: { first?: number; last?: number; before?: string | null }) =>
    comments.load({ parentId: task.id, args });
  const end = await read({ last: 1 });
  const before = await read({ last: 5, before: end.pageInfo.startCursor });
  expect([...before.nodes, ...end.nodes].map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect(await end.totalCount()).toBe(3);
});
