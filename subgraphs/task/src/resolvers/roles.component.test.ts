import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { uuidv7 } from '@shop/subgraph';
import { graphql, parse } from 'graphql';
import { newCaller, newKey, openTaskScene, type TaskScene, type Team } from '../../test/task-scene.ts';
import { createContext } from '../context.ts';
import { roles, type ProjectRole } from '../domain/role.ts';
import type { Caller } from '../use-cases/dependencies.ts';
import { resolvers } from './index.ts';

/**
 * The answer to each member of the schema for each role. `stranger` is signed in and no member; `staff` has the scope task:read and is
 * no member. A cell is: `yes`, the value or a success; `hidden`, null or that there is no such thing; `role`, that the role does not
 * allow it; or the value.
 */
const matrix = `
  member                          | OWNER | MANAGER | MEMBER | VIEWER | stranger | staff
  --------------------------------|-------|---------|--------|--------|----------|------
  Query.project                   | yes   | yes     | yes    | yes    | hidden   | yes
  Query.projects                  | 1     | 1       | 1      | 1      | 0        | 1
  Query.task                      | yes   | yes     | yes    | yes    | hidden   | yes
  Query.tasks                     | 1     | 1       | 1      | 1      | 0        | 1
  Query.tasks by search           | 1     | 1       | 1      | 1      | 0        | 1
  Query.tasks by assignee         | 1     | 1       | 1      | 1      | 0        | 1
  Project.viewerRole              | OWNER | MANAGER | MEMBER | VIEWER | null     | null
  Project as an entity            | yes   | yes     | yes    | yes    | hidden   | yes
  Task as an entity               | yes   | yes     | yes    | yes    | hidden   | yes
  Mutation.createProject          | yes   | yes     | yes    | yes    | yes      | yes
  Mutation.updateProject          | yes   | yes     | role   | role   | hidden   | role
  Mutation.archiveProject         | yes   | role    | role   | role   | hidden   | role
  Mutation.deleteProject          | yes   | role    | role   | role   | hidden   | role
  Mutation.setProjectMember       | yes   | yes     | role   | role   | hidden   | role
  setProjectMember to OWNER       | yes   | role    | role   | role   | hidden   | role
  setProjectMember of an owner    | yes   | role    | role   | role   | hidden   | role
  Mutation.removeProjectMember    | yes   | yes     | role   | role   | hidden   | role
  removeProjectMember of an owner | yes   | role    | role   | role   | hidden   | role
  removeProjectMember of oneself  | yes   | yes     | yes    | yes    | hidden   | role
  Mutation.createTask             | yes   | yes     | yes    | role   | hidden   | role
  Mutation.updateTask             | yes   | yes     | yes    | role   | hidden   | role
  Mutation.deleteTask             | yes   | yes     | role   | role   | hidden   | role
  deleteTask of one's own         | yes   | yes     | yes    | role   | hidden   | role
  Mutation.addTaskComment         | yes   | yes     | yes    | role   | hidden   | role`;

let scene: TaskScene;
const typeDefs = parse(readFileSync('subgraphs/task/schema.graphql', 'utf8'));
const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });

beforeAll(async () => {
  scene = await openTaskScene();
});
afterAll(() => scene?.stop());

async function ask(source: string, caller: Caller, variableValues: object = {}): Promise<Record<string, unknown>> {
  const scopes = new Set(caller.readsAll ? ['task:read'] : []);
  const viewer = { userId: caller.userId, sessionId: uuidv7(), scopes };
  const contextValue = createContext(scene.dependencies, { viewer });
  const { data, errors } = await graphql({ schema, source, variableValues: { ...variableValues }, contextValue });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

/** A team with a second owner, a second member, and a task that the first owner gave to the member. */
async function openSituation() {
  const team = await scene.openTeam();
  const secondOwner = await scene.addMember(team.project, team.OWNER, 'OWNER');
  const secondMember = await scene.addMember(team.project, team.OWNER, 'MEMBER');
  const title = `Look into ${team.project.key.toLowerCase()}`;
  const task = await scene.openTask(team.project, secondOwner, { title, assigneeId: secondMember.userId });
  return { team, secondOwner, secondMember, task };
}
type Situation = Awaited<ReturnType<typeof openSituation>>;

async function mutate(field: string, input: object, caller: Caller): Promise<unknown> {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const source = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on UserError { code message } } }`;
  const { __typename } = (await ask(source, caller, { input }))[field] as { __typename: string };
  if (__typename.endsWith('Success')) return 'yes';
  return { ProjectRoleRequired: 'role', ProjectNotFound: 'hidden', TaskNotFound: 'hidden' }[__typename] ?? __typename;
}

const entity = async (type: string, id: string, caller: Caller) => {
  const source = `query ($them: [_Any!]!) { _entities(representations: $them) { ... on ${type} { key } } }`;
  const { _entities } = await ask(source, caller, { them: [{ __typename: type, id }] });
  return (_entities as unknown[])[0] === null ? 'hidden' : 'yes';
};

const value = (found: unknown) => (found === null ? 'hidden' : 'yes');
const count = (found: unknown) => {
  const { totalCount, nodes } = found as { totalCount: number; nodes: unknown[] };
  expect(nodes).toHaveLength(totalCount);
  return String(totalCount);
};

/** Makes the caller the creator of the task, as they are after their role has changed. */
async function ownTask({ task }: Situation, { userId }: Caller): Promise<string> {
  await scene.database.client.task.update({ where: { id: task.id }, data: { creatorId: userId } });
  return task.id;
}

const list = (name: string, filter: string) => `{ found: ${name}(filter: { ${filter} }) { totalCount nodes { id } } }`;

const questions: Readonly<Record<string, (at: Situation, caller: Caller) => Promise<unknown>>> = {
  'Query.project': async ({ team }, caller) =>
    value((await ask(`{ project(id: "${team.project.id}") { id } }`, caller))['project']),
  'Query.projects': async ({ team }, caller) =>
    count((await ask(list('projects', `search: "${team.project.key}"`), caller))['found']),
  'Query.task': async ({ task }, caller) => value((await ask(`{ task(id: "${task.id}") { id } }`, caller))['task']),
  'Query.tasks': async ({ team }, caller) =>
    count((await ask(list('tasks', `projectId: "${team.project.id}"`), caller))['found']),
  'Query.tasks by search': async ({ team }, caller) =>
    count((await ask(list('tasks', `search: "INTO ${team.project.key}"`), caller))['found']),
  'Query.tasks by assignee': async ({ secondMember }, caller) =>
    count((await ask(list('tasks', `assigneeId: "${secondMember.userId}"`), caller))['found']),
  'Project.viewerRole': async ({ team }, caller) => {
    const { project } = await ask(`{ project(id: "${team.project.id}") { viewerRole } }`, caller);
    return String((project as { viewerRole: string | null } | null)?.viewerRole ?? null);
  },
  'Project as an entity': ({ team }, caller) => entity('Project', team.project.id, caller),
  'Task as an entity': ({ task }, caller) => entity('Task', task.id, caller),
  'Mutation.createProject': (_at, caller) => mutate('createProject', { key: newKey(), name: 'Mine' }, caller),
  'Mutation.updateProject': ({ team }, caller) => mutate('updateProject', { id: team.project.id, name: 'B' }, caller),
  'Mutation.archiveProject': ({ team }, caller) => mutate('archiveProject', { id: team.project.id }, caller),
  'Mutation.deleteProject': ({ team }, caller) => mutate('deleteProject', { id: team.project.id }, caller),
  'Mutation.setProjectMember': ({ team }, caller) =>
    mutate('setProjectMember', { projectId: team.project.id, userId: uuidv7(), role: 'MANAGER' }, caller),
  'setProjectMember to OWNER': ({ team, secondMember }, caller) =>
    mutate('setProjectMember', { projectId: team.project.id, userId: secondMember.userId, role: 'OWNER' }, caller),
  'setProjectMember of an owner': ({ team, secondOwner }, caller) =>
    mutate('setProjectMember', { projectId: team.project.id, userId: secondOwner.userId, role: 'VIEWER' }, caller),
  'Mutation.removeProjectMember': ({ team, secondMember }, caller) =>
    mutate('removeProjectMember', { projectId: team.project.id, userId: secondMember.userId }, caller),
  'removeProjectMember of an owner': ({ team, secondOwner }, caller) =>
    mutate('removeProjectMember', { projectId: team.project.id, userId: secondOwner.userId }, caller),
  'removeProjectMember of oneself': ({ team }, caller) =>
    mutate('removeProjectMember', { projectId: team.project.id, userId: caller.userId }, caller),
  'Mutation.createTask': ({ team }, caller) => mutate('createTask', { projectId: team.project.id, title: 'B' }, caller),
  'Mutation.updateTask': ({ task }, caller) => mutate('updateTask', { id: task.id, status: 'DONE' }, caller),
  'Mutation.deleteTask': ({ task }, caller) => mutate('deleteTask', { id: task.id }, caller),
  "deleteTask of one's own": async (at, caller) => mutate('deleteTask', { id: await ownTask(at, caller) }, caller),
  'Mutation.addTaskComment': ({ task }, caller) => mutate('addTaskComment', { taskId: task.id, text: 'B' }, caller),
};

const [header = '', , ...lines] = matrix.trim().split('\n');
const cells = (line: string) => line.split('|').map((cell) => cell.trim());
const callers = cells(header).slice(1);

test('the matrix has every query and mutation, except the audit log, which needs a scope', () => {
  const { Query, Mutation } = resolvers;
  const members = [
    ...Object.keys(Query).map((name) => `Query.${name}`),
    ...Object.keys(Mutation).map((name) => `Mutation.${name}`),
  ];
  const rows = lines.map((line) => cells(line)[0]);
  expect(members.filter((member) => !rows.includes(member))).toEqual(['Query.taskAudit']);
  expect(callers).toEqual([...roles, 'stranger', 'staff']);
});

const findCaller = (name: string, team: Team) =>
  name === 'stranger' ? newCaller() : name === 'staff' ? newCaller(true) : team[name as ProjectRole];

let shared: Situation | undefined;

test.each(lines.map((line) => cells(line) as [string, ...string[]]))('%s', async (member, ...expected) => {
  // Reads and refused commands change nothing, so those cells share a team.
  const common = (shared ??= await openSituation());
  const answers = await Promise.all(
    callers.map(async (name, index) => {
      const needsOwn = (expected[index] === 'yes' && !member.startsWith('Query')) || member.endsWith('own');
      const at = needsOwn ? await openSituation() : common;
      return questions[member]?.(at, findCaller(name, at.team));
    }),
  );
  expect(Object.fromEntries(callers.map((name, index) => [name, answers[index]]))).toEqual(
    Object.fromEntries(callers.map((name, index) => [name, expected[index]])),
  );
});

test('a role that is missing is named', async () => {
  const { team, task } = await openSituation();
  const required = async (field: string, type: string, input: object, caller: Caller) => {
    const source = `mutation ($input: ${type}!) { ${field}(input: $input) { ... on ProjectRoleRequired { code requiredRole } } }`;
    return (await ask(source, caller, { input }))[field];
  };
  const code = 'PROJECT_ROLE_REQUIRED';
  const { id } = team.project;
  expect(await required('deleteProject', 'DeleteProjectInput', { id }, team.MANAGER)).toEqual({
    code,
    requiredRole: 'OWNER',
  });
  expect(await required('deleteTask', 'DeleteTaskInput', { id: task.id }, team.MEMBER)).toEqual({
    code,
    requiredRole: 'MANAGER',
  });
  expect(await required('updateTask', 'UpdateTaskInput', { id: task.id }, team.VIEWER)).toEqual({
    code,
    requiredRole: 'MEMBER',
  });
});

test('whoever left sees neither members nor tasks in the answer that says so, and nothing later', async () => {
  const { team } = await openSituation();
  const { id } = team.project;
  const source = `mutation ($input: RemoveProjectMemberInput!) { removeProjectMember(input: $input) { ... on RemoveProjectMemberSuccess {
    project { viewerRole members { totalCount nodes { since } } tasks { totalCount nodes { id } } } } }
    again: removeProjectMember(input: $input) { __typename } }`;
  const input = { projectId: id, userId: team.MEMBER.userId };
  expect(await ask(source, team.MEMBER, { input })).toEqual({
    removeProjectMember: {
      project: { viewerRole: null, members: { totalCount: 0, nodes: [] }, tasks: { totalCount: 0, nodes: [] } },
    },
    again: { __typename: 'ProjectNotFound' },
  });
});

test('an anonymous caller gets no entity', async () => {
  const { team, task } = await openSituation();
  const contextValue = createContext(scene.dependencies, {
    viewer: { userId: null, sessionId: null, scopes: new Set<string>() },
  });
  const them = [
    { __typename: 'Task', id: task.id },
    { __typename: 'Project', id: team.project.id },
  ];
  const source = 'query ($them: [_Any!]!) { _entities(representations: $them) { __typename } }';
  const { data } = await graphql({ schema, source, variableValues: { them }, contextValue });
  expect(data).toEqual({ _entities: [null, null] });
});
