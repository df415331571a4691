import { uuidv7 } from '@shop/subgraph';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import { addTaskComment } from './add-task-comment.ts';
import { createProject } from './create-project.ts';
import { createTask } from './create-task.ts';
import type { Caller } from './dependencies.ts';
import { eraseAccount } from './erase-account.ts';
import { setProjectMember } from './set-project-member.ts';

let scene: TaskScene;

beforeAll(async () => {
  scene = await openTaskScene();
});
afterAll(() => scene?.stop());

const erase = ({ userId }: Caller) => scene.database.transact((tx) => eraseAccount(tx, userId, new Date()));

test('what a person made stays without them, and their keys are forgotten', async () => {
  const { project, OWNER, MEMBER } = await scene.openTeam();
  const task = await scene.openTask(project, MEMBER, { assigneeId: MEMBER.userId, idempotencyKey: 'my own words' });
  const other = await scene.openTask(project, OWNER);
  const comment = { taskId: other.id, text: 'I was here.', idempotencyKey: 'more of them' };
  await addTaskComment(scene.dependencies, comment, MEMBER);
  for (let times = 0; times < 2; times += 1) await erase(MEMBER);

  const { client } = scene.database;
  const row = await client.task.findUniqueOrThrow({ where: { id: task.id }, include: { history: true } });
  expect(row).toMatchObject({ creatorId: null, assigneeId: null, idempotencyKey: null, fingerprint: null, version: 2 });
  expect(row.history.map(({ actorId }) => actorId)).toEqual([null]);
  const [kept] = await client.taskComment.findMany({ where: { taskId: other.id } });
  expect(kept).toMatchObject({ text: 'I was here.', authorId: null, idempotencyKey: null });
  expect(await scene.rolesOf(project.id)).not.toHaveProperty(MEMBER.userId);
  expect((await scene.eventsOf(task.id)).at(-1)).toEqual([
    'shop.task.updated.v1',
    expect.objectContaining({ assigneeId: null, actorId: null, sequence: 2 }),
  ]);
  expect((await scene.eventsOf(project.id)).at(-1)).toEqual([
    'shop.project.member_changed.v1',
    expect.objectContaining({ userId: MEMBER.userId, role: null, actorId: null }),
  ]);
});

test('a project passes from its last owner to the manager, then to the member, and is archived with only a viewer', async () => {
  const { project, OWNER, MANAGER, MEMBER, VIEWER } = await scene.openTeam();
  const isArchived = async () =>
    (await scene.database.client.project.findUniqueOrThrow({ where: { id: project.id } })).archived;
  await erase(OWNER);
  expect(await scene.rolesOf(project.id)).toMatchObject({ [MANAGER.userId]: 'OWNER', [MEMBER.userId]: 'MEMBER' });
  await erase(MANAGER);
  expect(await scene.rolesOf(project.id)).toEqual({ [MEMBER.userId]: 'OWNER', [VIEWER.userId]: 'VIEWER' });
  expect(await isArchived()).toBe(false);
  await erase(MEMBER);
  expect(await scene.rolesOf(project.id)).toEqual({ [VIEWER.userId]: 'VIEWER' });
  expect(await isArchived()).toBe(true);
  expect((await scene.auditOf(project.id)).slice(-3)).toEqual([
    'MEMBER_ROLE_CHANGED',
    'MEMBER_REMOVED',
    'PROJECT_ARCHIVED',
  ]);
});

test('a project with another owner changes nothing else', async () => {
  const { project, OWNER, MANAGER } = await scene.openTeam();
  const second = await scene.addMember(project, OWNER, 'OWNER');
  await erase(OWNER);
  expect(await scene.rolesOf(project.id)).toMatchObject({ [second.userId]: 'OWNER', [MANAGER.userId]: 'MANAGER' });
});

test('two owners whose accounts are deleted at once leave the project to the manager', async () => {
  const { project, OWNER, MANAGER } = await scene.openTeam();
  const second = await scene.addMember(project, OWNER, 'OWNER');
  await Promise.all([erase(OWNER), erase(second)]);
  expect(await scene.rolesOf(project.id)).toMatchObject({ [MANAGER.userId]: 'OWNER' });
});

test('requests that come after the deletion write nothing about the account', async () => {
  const { project, OWNER, MEMBER } = await scene.openTeam();
  await erase(MEMBER);
  const created = await createProject(scene.dependencies, { key: 'LATE1', name: 'Late' }, MEMBER.userId);
  expect(created).toEqual({ kind: 'no-account' });
  const task = await createTask(
    scene.dependencies,
    { projectId: project.id, title: 'Late' },
    { ...MEMBER, readsAll: true },
  );
  expect(task).toEqual({ kind: 'project-not-found' });
  const change = { projectId: project.id, userId: MEMBER.userId, role: 'MEMBER' } as const;
  expect(await setProjectMember(scene.dependencies, change, OWNER)).toEqual({ kind: 'not-a-member' });
});

test('creations and an erasure at the same time leave nothing of the account', async () => {
  for (let round = 0; round < 5; round += 1) {
    const caller = newCaller();
    const { project, OWNER } = await scene.openTeam();
    await scene.addMember(project, OWNER, 'MANAGER', caller);
    const assigneeId = caller.userId;
    const input = () => ({ projectId: project.id, title: 'Now', assigneeId, idempotencyKey: uuidv7() });
    await Promise.all([
      ...Array.from({ length: 4 }, () => createTask(scene.dependencies, input(), caller)),
      erase(caller),
      ...Array.from({ length: 4 }, () => createTask(scene.dependencies, input(), OWNER)),
    ]);
    const { client } = scene.database;
    expect(await client.task.count({ where: { OR: [{ assigneeId }, { creatorId: assigneeId }] } })).toBe(0);
    expect(await client.projectMember.count({ where: { userId: assigneeId } })).toBe(0);
  }
});
