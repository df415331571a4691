import { uuidv7 } from '@shop/subgraph';
import { newCaller, newKey, openTaskScene, type TaskScene, type Team } from '../../test/task-scene.ts';
import { taskStatuses, type TaskStatus } from '../domain/task-status.ts';
import { addTaskComment } from './add-task-comment.ts';
import { archiveProject } from './archive-project.ts';
import { createProject } from './create-project.ts';
import { createTask } from './create-task.ts';
import { deleteTask } from './delete-task.ts';
import { updateProject } from './update-project.ts';
import { updateTask } from './update-task.ts';

let scene: TaskScene;
let team: Team;

beforeAll(async () => {
  scene = await openTaskScene();
  team = await scene.openTeam();
});
afterAll(() => scene?.stop());

const update = (input: object, caller = team.MEMBER) => updateTask(scene.dependencies, input, caller);

test('50 creations, 16 at once, get the numbers 1 to 50, each once and without a gap', async () => {
  const project = await scene.openProject(team.OWNER);
  const titles = Array.from({ length: 50 }, (_, index) => `Task ${index}`);
  // They take turns at the project. All 50 at once would wait too long for a connection on a busy machine.
  const left = titles.values();
  const create = async () => {
    for (const title of left) await scene.openTask(project, team.OWNER, { title });
  };
  await Promise.all(Array.from({ length: 16 }, create));
  // A refused creation takes no number.
  const refused = await createTask(
    scene.dependencies,
    { projectId: project.id, title: 'No', assigneeId: uuidv7() },
    team.OWNER,
  );
  expect(refused.kind).toBe('not-a-member');
  const rows = await scene.database.client.task.findMany({ where: { projectId: project.id } });
  const numbers = rows.map(({ key }) => Number(key.slice(`${project.key}-`.length))).sort((a, b) => a - b);
  expect(numbers).toEqual(titles.map((_, index) => index + 1));
  expect((await scene.openTask(project, team.OWNER)).key).toBe(`${project.key}-51`);
});

test('a task is created with its history and events, and its assignee learns of it', async () => {
  const fields = {
    description: '  Slowly. ',
    priority: 'HIGH',
    dueAt: new Date('2027-01-01'),
    assigneeId: team.VIEWER.userId,
  };
  const task = await scene.openTask(team.project, team.MEMBER, { ...fields, title: '  Count the stock ' });
  expect(task).toMatchObject({
    ...fields,
    title: 'Count the stock',
    description: 'Slowly.',
    status: 'TODO',
    version: 1,
  });
  const change = {
    taskId: task.id,
    key: task.key,
    actorId: team.MEMBER.userId,
    sequence: 1,
    dueAt: '2027-01-01T00:00:00.000Z',
  };
  expect(await scene.eventsOf(task.id)).toEqual([
    ['shop.task.created.v1', expect.objectContaining(change)],
    ['shop.task.assigned.v1', expect.objectContaining({ ...change, assigneeId: team.VIEWER.userId })],
  ]);
});

test('a change of a task publishes it once, and a change that changes nothing publishes nothing', async () => {
  const task = await scene.openTask(team.project, team.MEMBER);
  const outcome = await update({ id: task.id, title: 'Count again', assigneeId: team.OWNER.userId });
  expect(outcome).toMatchObject({ kind: 'updated', task: { title: 'Count again', version: 2 } });
  expect(await update({ id: task.id, title: 'Count again' })).toMatchObject({ kind: 'updated', task: { version: 2 } });
  expect(await update({ id: task.id, assigneeId: null })).toMatchObject({ task: { assigneeId: null, version: 3 } });
  expect((await scene.eventsOf(task.id)).map(([type, { sequence }]) => [type, sequence])).toEqual([
    ['shop.task.created.v1', 1],
    ['shop.task.updated.v1', 2],
    ['shop.task.assigned.v1', 2],
    ['shop.task.updated.v1', 3],
  ]);
});

test('changes of the status are kept with their time and author, and completedAt follows from them', async () => {
  const task = await scene.openTask(team.project, team.OWNER);
  for (const status of ['IN_PROGRESS', 'DONE', 'TODO'] as const) await update({ id: task.id, status });
  const rows = await scene.database.client.taskEvent.findMany({
    where: { taskId: task.id },
    orderBy: { sequence: 'asc' },
  });
  expect(rows.map(({ fromStatus, toStatus, actorId }) => [fromStatus, toStatus, actorId])).toEqual([
    [null, 'TODO', team.OWNER.userId],
    ['TODO', 'IN_PROGRESS', team.MEMBER.userId],
    ['IN_PROGRESS', 'DONE', team.MEMBER.userId],
    ['DONE', 'TODO', team.MEMBER.userId],
  ]);
  const done = await update({ id: task.id, status: 'DONE' });
  expect(done).toMatchObject({ task: { completedAt: expect.any(Date) as Date } });
  expect(await update({ id: task.id, status: 'BLOCKED' })).toMatchObject({
    kind: 'invalid-input',
    issues: [{ path: 'status', message: 'a task that is DONE cannot become BLOCKED; open it again first' }],
  });
});

test('the database stores every status, and completedAt exactly of tasks that are DONE', async () => {
  const opened = async (status: TaskStatus) => {
    const task = await scene.openTask(team.project, team.OWNER);
    await update({ id: task.id, status });
    const row = await scene.database.client.task.findUniqueOrThrow({ where: { id: task.id } });
    return [row.status, row.completedAt !== null];
  };
  for (const status of taskStatuses) expect(await opened(status)).toEqual([status, status === 'DONE']);
});

test('of two changes from the same version, one is a conflict and names the new version', async () => {
  const task = await scene.openTask(team.project, team.OWNER);
  const outcomes = await Promise.all(['One', 'Two'].map((title) => update({ id: task.id, title, expectedVersion: 1 })));
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['updated', 'version-conflict']);
  expect(outcomes).toContainEqual({ kind: 'version-conflict', currentVersion: 2 });
  expect(await update({ id: task.id, title: 'Last', expectedVersion: null })).toMatchObject({ kind: 'updated' });
  const { project, MANAGER } = team;
  const rename = (name: string) =>
    updateProject(scene.dependencies, { id: project.id, name, expectedVersion: 1 }, MANAGER);
  const both = await Promise.all([rename('A'), rename('B')]);
  expect(both.map(({ kind }) => kind).sort()).toEqual(['updated', 'version-conflict']);
});

test.each<[string, object, string]>([
  ['an empty title', { title: '   ' }, 'title'],
  ['a title of two lines', { title: 'a\nb' }, 'title'],
  ['a title that nobody sees', { title: '\u200b' }, 'title'],
  ['a long title', { title: 'x'.repeat(201) }, 'title'],
  ['a title that is null', { title: null }, 'title'],
  ['NUL in the description', { description: 'a\0b' }, 'description'],
  ['a long description', { description: 'x'.repeat(10_001) }, 'description'],
  ['a date before 1970', { dueAt: new Date('1969-12-31') }, 'dueAt'],
  ['a date that PostgreSQL would not read', { dueAt: new Date(8.64e15) }, 'dueAt'],
  ['no status at all', { status: null }, 'status'],
])('%s is an invalid input', async (_title, input, path) => {
  const task = await scene.openTask(team.project, team.OWNER);
  expect(await update({ id: task.id, ...input })).toMatchObject({ kind: 'invalid-input', issues: [{ path }] });
});

test.each(['no id', '', uuidv7()])('nothing is assigned to %j, who is no member', async (assigneeId) => {
  const task = await scene.openTask(team.project, team.OWNER);
  expect(await update({ id: task.id, assigneeId })).toEqual({ kind: 'not-a-member' });
  const input = { projectId: team.project.id, title: 'Count', assigneeId };
  expect(await createTask(scene.dependencies, input, team.OWNER)).toEqual({ kind: 'not-a-member' });
});

describe('idempotency keys', () => {
  const repeated = async <Outcome>(
    create: (change: object) => Promise<Outcome>,
    idOf: (outcome: Outcome) => string,
  ) => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => create({})));
    expect(new Set(outcomes.map(idOf)).size).toBe(1);
    return outcomes[0] as Outcome;
  };

  test('a project is created once, also when requests run at once', async () => {
    const input = { key: newKey(), name: 'Spring', idempotencyKey: uuidv7() };
    const { userId } = newCaller();
    const create = (change: object, owner = userId) =>
      createProject(scene.dependencies, { ...input, ...change }, owner);
    await repeated(create, (outcome) => (outcome.kind === 'created' ? outcome.project.id : outcome.kind));
    expect(await create({ name: 'Summer' })).toEqual({ kind: 'idempotency-conflict' });
    expect(await create({ description: null })).toMatchObject({ kind: 'created' });
    expect(await create({ idempotencyKey: uuidv7() })).toEqual({ kind: 'key-taken' });
    expect(await create({ key: newKey() }, newCaller().userId)).toMatchObject({ kind: 'created' });
  });

  test('a task is created once, also when requests run at once or the project was archived since', async () => {
    const project = await scene.openProject(team.OWNER);
    const other = await scene.openProject(team.OWNER);
    const input = { projectId: project.id, title: 'Once', idempotencyKey: uuidv7() };
    const create = (change: object) => createTask(scene.dependencies, { ...input, ...change }, team.OWNER);
    const first = await repeated(create, (outcome) => (outcome.kind === 'created' ? outcome.task.id : outcome.kind));
    expect(await create({ title: 'Twice' })).toEqual({ kind: 'idempotency-conflict' });
    expect(await create({ projectId: other.id })).toEqual({ kind: 'idempotency-conflict' });
    expect(await create({ priority: 'NORMAL', dueAt: null })).toMatchObject({ kind: 'created' });
    await archiveProject(scene.dependencies, project.id, team.OWNER);
    expect(await create({})).toEqual(first);
    expect(await create({ idempotencyKey: null })).toEqual({ kind: 'project-archived' });
    const rows = await scene.database.client.task.findMany({ where: { projectId: { in: [project.id, other.id] } } });
    expect(rows).toHaveLength(1);
  });

  test('requests with one key for two projects at once create one task', async () => {
    const projects = await Promise.all([1, 2, 3, 4].map(() => scene.openProject(team.OWNER)));
    const idempotencyKey = uuidv7();
    const outcomes = await Promise.all(
      projects.map(({ id }) =>
        createTask(scene.dependencies, { projectId: id, title: 'Once', idempotencyKey }, team.OWNER),
      ),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', ...Array(3).fill('idempotency-conflict')]);
  });

  test('a comment is added once, also when requests run at once', async () => {
    const task = await scene.openTask(team.project, team.OWNER);
    const input = { taskId: task.id, text: 'Done by noon.', idempotencyKey: uuidv7() };
    const add = (change: object) => addTaskComment(scene.dependencies, { ...input, ...change }, team.MEMBER);
    await repeated(add, (outcome) => (outcome.kind === 'added' ? outcome.comment.id : outcome.kind));
    expect(await add({ text: 'By one.' })).toEqual({ kind: 'idempotency-conflict' });
    expect(await add({ text: '  ' })).toMatchObject({ kind: 'invalid-input', issues: [{ path: 'text' }] });
    expect(await scene.database.client.taskComment.count({ where: { taskId: task.id } })).toBe(1);
    const row = await scene.database.client.task.findUniqueOrThrow({ where: { id: task.id } });
    expect(row.version).toBe(1);
  });
});

test('a deleted task leaves its key in the audit log, and its number is not given again', async () => {
  const project = await scene.openProject(team.OWNER);
  const task = await scene.openTask(project, team.OWNER);
  await addTaskComment(scene.dependencies, { taskId: task.id, text: 'Gone.' }, team.OWNER);
  expect(await deleteTask(scene.dependencies, task.id, team.OWNER)).toEqual({ kind: 'deleted', taskId: task.id });
  expect(await deleteTask(scene.dependencies, task.id, team.OWNER)).toEqual({ kind: 'task-not-found' });
  expect(await scene.auditOf(task.id)).toEqual(['TASK_DELETED']);
  expect((await scene.openTask(project, team.OWNER)).key).toBe(`${project.key}-2`);
});
