import { uuidv7 } from '@shop/subgraph';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import { openDatabase } from '../db/database.ts';
import { addTaskComment } from './add-task-comment.ts';
import { archiveProject } from './archive-project.ts';
import { createTask } from './create-task.ts';
import { deleteProject } from './delete-project.ts';
import type { Caller } from './dependencies.ts';
import { removeProjectMember } from './remove-project-member.ts';
import { setProjectMember } from './set-project-member.ts';
import { updateProject } from './update-project.ts';
import { updateTask } from './update-task.ts';

let scene: TaskScene;

beforeAll(async () => {
  scene = await openTaskScene();
});
afterAll(() => scene?.stop());

const remove = (projectId: string, userId: string, caller: Caller) =>
  removeProjectMember(scene.dependencies, { projectId, userId }, caller);
const set = (projectId: string, userId: string, role: 'OWNER' | 'MANAGER' | 'MEMBER' | 'VIEWER', caller: Caller) =>
  setProjectMember(scene.dependencies, { projectId, userId, role }, caller);
const countOwners = async (projectId: string) =>
  Object.values(await scene.rolesOf(projectId)).filter((role) => role === 'OWNER').length;

test('joining, another role and leaving are published in order, and are in the audit log', async () => {
  const owner = newCaller();
  const project = await scene.openProject(owner);
  const { userId } = newCaller();
  await set(project.id, userId, 'VIEWER', owner);
  await set(project.id, userId.toUpperCase(), 'MANAGER', owner);
  await set(project.id, userId, 'MANAGER', owner);
  await remove(project.id, userId, owner);
  const change = { projectId: project.id, projectKey: project.key, actorId: owner.userId };
  const type = 'shop.project.member_changed.v1';
  expect(await scene.eventsOf(project.id)).toEqual([
    [type, { ...change, userId: owner.userId, role: 'OWNER', sequence: 1 }],
    [type, { ...change, userId, role: 'VIEWER', sequence: 2 }],
    [type, { ...change, userId, role: 'MANAGER', sequence: 3 }],
    [type, { ...change, userId, role: null, sequence: 4 }],
  ]);
  expect(await scene.auditOf(project.id)).toEqual([
    'PROJECT_CREATED',
    'MEMBER_ADDED',
    'MEMBER_ADDED',
    'MEMBER_ROLE_CHANGED',
    'MEMBER_REMOVED',
  ]);
});

test('of two owners who leave at once, one stays', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [first, second] = [newCaller(), newCaller()];
    const project = await scene.openProject(first);
    await scene.addMember(project, first, 'OWNER', second);
    const outcomes = await Promise.all([
      remove(project.id, first.userId, first),
      round % 2 === 0 ? remove(project.id, second.userId, second) : set(project.id, second.userId, 'VIEWER', second),
    ]);
    const left = outcomes.filter(({ kind }) => kind === 'removed' || kind === 'set');
    expect([left.length, outcomes.filter(({ kind }) => kind === 'last-owner').length]).toEqual([1, 1]);
    expect(await countOwners(project.id)).toBe(1);
  }
});

test('the last owner cannot leave in any way, until there is another', async () => {
  const owner = newCaller();
  const project = await scene.openProject(owner);
  expect(await remove(project.id, owner.userId, owner)).toEqual({ kind: 'last-owner' });
  expect(await set(project.id, owner.userId, 'MANAGER', owner)).toEqual({ kind: 'last-owner' });
  const heir = await scene.addMember(project, owner, 'OWNER');
  expect(await remove(project.id, owner.userId, owner)).toMatchObject({ kind: 'removed' });
  expect(await remove(project.id, owner.userId, heir)).toEqual({ kind: 'not-a-member' });
  expect(await remove(project.id, heir.userId, owner)).toEqual({ kind: 'project-not-found' });
});

test('members who leave lose the tasks of that project only, and others learn of it', async () => {
  const owner = newCaller();
  const member = newCaller();
  const [project, other] = [await scene.openProject(owner), await scene.openProject(owner)];
  for (const each of [project, other]) await scene.addMember(each, owner, 'MEMBER', member);
  const assigneeId = member.userId;
  const task = await scene.openTask(project, owner, { assigneeId });
  const kept = await scene.openTask(other, owner, { assigneeId });
  await remove(project.id, member.userId, member);
  const rows = await scene.database.client.task.findMany({ where: { id: { in: [task.id, kept.id] } } });
  expect(Object.fromEntries(rows.map((row) => [row.id, [row.assigneeId, row.version]]))).toEqual({
    [task.id]: [null, 2],
    [kept.id]: [assigneeId, 1],
  });
  expect((await scene.eventsOf(task.id)).at(-1)).toEqual([
    'shop.task.updated.v1',
    expect.objectContaining({ assigneeId: null, actorId: member.userId, sequence: 2 }),
  ]);
});

test('a task is not assigned to somebody who is leaving at that moment', async () => {
  const owner = newCaller();
  for (let round = 0; round < 5; round += 1) {
    const project = await scene.openProject(owner);
    const member = await scene.addMember(project, owner, 'MEMBER');
    const { id } = await scene.openTask(project, owner);
    await Promise.all([
      updateTask(scene.dependencies, { id, assigneeId: member.userId }, owner),
      remove(project.id, member.userId, member),
    ]);
    const { assigneeId } = await scene.database.client.task.findUniqueOrThrow({ where: { id } });
    expect(assigneeId).toBeNull();
  }
});

test('only an account that exists becomes a member, and the question is asked without a lock', async () => {
  const owner = newCaller();
  const project = await scene.openProject(owner);
  const other = openDatabase(scene.url);
  const isActiveAccount = async () => {
    // Fails after a while when the project is locked.
    await other.transact((tx) => tx.project.update({ where: { id: project.id }, data: { name: 'Renamed' } }));
    return false;
  };
  const change = { projectId: project.id, userId: uuidv7(), role: 'MEMBER' } as const;
  try {
    const outcome = await setProjectMember({ ...scene.dependencies, isActiveAccount }, change, owner);
    expect(outcome).toEqual({ kind: 'not-a-member' });
  } finally {
    await other.close();
  }
  expect(await set(project.id, 'no id', 'MEMBER', owner)).toEqual({ kind: 'not-a-member' });
  const failing = { ...scene.dependencies, isActiveAccount: () => Promise.reject(new Error('away')) };
  await expect(setProjectMember(failing, change, owner)).rejects.toThrow('away');
  // Nobody is asked about somebody who is a member already.
  await set(project.id, change.userId, 'MEMBER', owner);
  expect(await setProjectMember(failing, { ...change, role: 'VIEWER' }, owner)).toMatchObject({ kind: 'set' });
});

test('an archived project can be read and left, and not changed', async () => {
  const { project, OWNER, MEMBER } = await scene.openTeam();
  const task = await scene.openTask(project, OWNER);
  const archived = await archiveProject(scene.dependencies, project.id, OWNER);
  expect(archived).toMatchObject({ kind: 'archived', project: { archived: true, version: 2 } });
  expect(await archiveProject(scene.dependencies, project.id, OWNER)).toEqual(archived);
  const refused = { kind: 'project-archived' };
  expect(await updateProject(scene.dependencies, { id: project.id, name: 'B' }, OWNER)).toEqual(refused);
  expect(await set(project.id, uuidv7(), 'MEMBER', OWNER)).toEqual(refused);
  expect(await createTask(scene.dependencies, { projectId: project.id, title: 'B' }, OWNER)).toEqual(refused);
  expect(await updateTask(scene.dependencies, { id: task.id, title: 'B' }, OWNER)).toEqual(refused);
  expect(await addTaskComment(scene.dependencies, { taskId: task.id, text: 'B' }, OWNER)).toEqual(refused);
  expect(await remove(project.id, MEMBER.userId, MEMBER)).toMatchObject({ kind: 'removed' });
});

test('a deleted project is gone with its tasks, and its members have left it', async () => {
  const { project, OWNER, MEMBER } = await scene.openTeam();
  const task = await scene.openTask(project, MEMBER, { assigneeId: MEMBER.userId });
  await addTaskComment(scene.dependencies, { taskId: task.id, text: 'Soon.' }, MEMBER);
  const deleted = await deleteProject(scene.dependencies, project.id, OWNER);
  expect(deleted).toEqual({ kind: 'deleted', projectId: project.id });
  expect(await scene.database.client.task.count({ where: { id: task.id } })).toBe(0);
  const left = (await scene.eventsOf(project.id)).filter(([, { role }]) => role === null);
  expect(left.map(([, { sequence }]) => sequence)).toEqual([5, 6, 7, 8]);
  expect((await scene.auditOf(project.id)).at(-1)).toBe('PROJECT_DELETED');
  expect(await deleteProject(scene.dependencies, project.id, OWNER)).toEqual({ kind: 'project-not-found' });
});
