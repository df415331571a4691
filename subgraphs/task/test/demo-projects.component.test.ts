import { demoAccounts } from '@shop/contracts';
import { demoProjectKey } from '../src/config.ts';
import { readDemoProjects } from '../src/demo-projects.ts';
import { deleteProject } from '../src/use-cases/delete-project.ts';
import { fillProject } from '../src/use-cases/fill-project.ts';
import { openTaskScene, type TaskScene } from './task-scene.ts';

let scene: TaskScene;
beforeAll(async () => {
  scene = await openTaskScene();
});
afterAll(() => scene?.stop());

test('the demo data has two projects of the demo accounts, with some thirty tasks, and is written once', async () => {
  const { client } = scene.database;
  const projects = await readDemoProjects();
  const fill = () => Promise.all(projects.map((project) => fillProject(scene.database, project, new Date())));
  expect(await fill()).toEqual([true, true]);
  expect(await fill()).toEqual([false, false]);

  const tasks = await client.task.findMany({ include: { history: true } });
  expect(tasks.length).toBeGreaterThanOrEqual(28);
  expect(new Set(tasks.map(({ title }) => title)).size).toBe(tasks.length);
  const people = new Set(Object.values(demoAccounts).map(({ id }): string => id));
  const members = await client.projectMember.findMany();
  expect(members.every(({ userId }) => people.has(userId))).toBe(true);
  const isMember = (projectId: string, userId: string | null) =>
    members.some((member) => member.projectId === projectId && member.userId === userId);
  for (const { projectId, assigneeId, createdAt, updatedAt, history, version } of tasks) {
    expect(assigneeId === null || isMember(projectId, assigneeId)).toBe(true);
    expect(createdAt <= updatedAt && updatedAt <= new Date()).toBe(true);
    expect(history).toHaveLength(version);
  }
  const { staff } = demoAccounts;
  expect(await scene.rolesOf(projects[0]?.id ?? '')).toEqual({ [staff.id]: 'OWNER' });
  expect(projects.map(({ key }) => key)).toContain(demoProjectKey);
  expect(await client.outbox.count({ where: { type: { startsWith: 'shop.task.' } } })).toBe(0);

  const owner = { userId: staff.id, readsAll: true };
  expect(await deleteProject(scene.dependencies, projects[1]?.id ?? '', owner)).toMatchObject({ kind: 'deleted' });
  expect(await fill()).toEqual([false, false]);
});
