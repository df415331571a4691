import { countRowsRead, createRowBuilder, recordQueryPlans, type QueryPlans } from '@shop/testing';
import { sqlOver } from '@shop/subgraph';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import { createTaskPageLoader, listTasks, type ListTasks } from '../use-cases/list-tasks.ts';
import { listProjects } from '../use-cases/list-projects.ts';

const TASKS = 20_000;
const PROJECTS = 2_000;
let scene: TaskScene;
let plans: QueryPlans;
/** A member of ten projects. */
const member = newCaller();
const staff = newCaller(true);
let projectIds: string[];

beforeAll(async () => {
  scene = await openTaskScene();
  const run = (sql: string) => scene.run(sql);
  const rows = await createRowBuilder(sqlOver(scene.database.client));
  const project = {
    key: `'P' || n`,
    search_text: `'project ' || n`,
    created_at: `timestamptz '2026-01-01' + n * interval '1 hour'`,
  };
  await run(rows.toSelectSql('projects', project, `generate_series(1, ${PROJECTS}) AS n`));
  const found = await scene.database.client.project.findMany({ orderBy: { createdAt: 'asc' }, select: { id: true } });
  projectIds = found.map(({ id }) => id);
  const ids = `(ARRAY['${projectIds.join("','")}']::uuid[])`;
  await run(
    `INSERT INTO project_members (project_id, user_id, role, since)
     SELECT id, '${member.userId}', 'MEMBER', now() FROM unnest(${ids}[1:10]) AS p(id)`,
  );
  await run(
    `INSERT INTO project_members (project_id, user_id, role, since)
     SELECT id, gen_random_uuid(), 'OWNER', now() FROM unnest(${ids}) AS p(id), generate_series(1, 3)`,
  );
  const minute = `timestamptz '2026-01-01' + n * interval '1 minute'`;
  const task = {
    project_id: `${ids}[1 + n % ${PROJECTS}]`,
    key: `'P' || n % ${PROJECTS} || '-' || n`,
    status: `'TODO'::"TaskStatus"`,
    completed_at: 'NULL::timestamptz',
    priority: `(ARRAY['LOW', 'NORMAL', 'HIGH', 'URGENT']::"TaskPriority"[])[1 + n % 4]`,
    due_at: `CASE WHEN n % 3 = 0 THEN ${minute} END`,
    search_text: `'task ' || md5(n::text)`,
    assignee_id: 'NULL::uuid',
    order_id: 'NULL::uuid',
    product_id: 'NULL::uuid',
    created_at: minute,
    updated_at: `${minute} + interval '1 day'`,
  };
  await run(rows.toSelectSql('tasks', task, `generate_series(1, ${TASKS}) AS n`));
  for (const table of ['projects', 'project_members', 'tasks']) await run(`VACUUM ANALYZE ${table}`);
  plans = recordQueryPlans({ databaseUrl: scene.url });
});
afterAll(async () => {
  plans?.stop();
  await scene?.stop();
});

const list =
  (args: ListTasks, reader = staff) =>
  () =>
    listTasks(scene.dependencies, args, reader);
const from =
  (args: ListTasks, reader = staff) =>
  async () =>
    listTasks(
      scene.dependencies,
      { ...args, after: (await list({ ...args, first: 50 }, reader)()).pageInfo.endCursor },
      reader,
    );
/** Tasks beyond the last one with a date: all of them have the same sort key. */
const dateless = (filter: ListTasks['filter']) => async () => {
  const sort = { field: 'DUE_AT', direction: 'DESC' } as const;
  const { nodes, pageInfo } = await list({ filter, sort, first: 50 }, member)();
  expect(nodes.at(-1)?.dueAt).toBeNull();
  return list({ filter, sort, after: pageInfo.endCursor }, member)();
};
const sorts = (['CREATED_AT', 'UPDATED_AT', 'DUE_AT', 'PRIORITY'] as const).flatMap((field) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })),
);

const cases: [string, () => Promise<unknown>, number][] = [
  ...sorts.flatMap((sort): [string, () => Promise<unknown>, number][] => [
    [`all tasks by ${sort.field} ${sort.direction}, from a cursor`, from({ sort }), 51],
    [`a member's tasks by ${sort.field} ${sort.direction}, from a cursor`, from({ sort }, member), 510],
  ]),
  ['the last page of all tasks', list({ last: 20 }), 21],
  ["the last page of a member's tasks", list({ last: 20 }, member), 210],
  ['a search', list({ filter: { search: 'c4ca4238a0b9238' } }), 21],
  ["a search among a member's tasks", list({ filter: { search: 'c4ca4238a0b9238' } }, member), 21],
  ["a search among a member's tasks, beyond those with a date", dateless({ search: 'task' }), 101],
  ["a member's tasks without a date, from a cursor", dateless({}), 510],
  ["a member's own tasks", list({ filter: { mine: true } }, member), 21],
];

test.each(cases)('%s reads an index and no unneeded rows', async (name, work, most) => {
  const plan = await plans.of(work);
  if (process.env['SHOW_PLANS']) process.stdout.write(`\n== ${name}\n${plan}\n`);
  expect(plan).not.toMatch(/Seq Scan on tasks/);
  expect(countRowsRead(plan, 'tasks')).toBeLessThanOrEqual(most);
});

test('a page of each of 20 projects reads its rows only', async () => {
  const plan = await plans.of(() => {
    const pages = createTaskPageLoader(scene.dependencies, staff);
    return Promise.all(projectIds.slice(0, 20).map((parentId) => pages.load({ parentId, args: { first: 5 } })));
  });
  expect(countRowsRead(plan, 'tasks')).toBeLessThanOrEqual(120);
});

test("a member's projects are found from their memberships", async () => {
  const plan = await plans.of(() => listProjects(scene.dependencies, {}, member));
  expect(countRowsRead(plan, 'projects')).toBeLessThanOrEqual(21);
  expect(plan).not.toMatch(/Seq Scan/);
});

test('the checks can fail: without the index, the due dates of all tasks are read', async () => {
  await scene.database.client.$executeRawUnsafe('DROP INDEX tasks_due_last_idx');
  const plan = await plans.of(list({ sort: { field: 'DUE_AT', direction: 'DESC' } }));
  expect(countRowsRead(plan, 'tasks')).toBeGreaterThan(51);
});
