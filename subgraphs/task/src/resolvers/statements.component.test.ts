import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { jest } from '@jest/globals';
import { uuidv7 } from '@shop/subgraph';
import { graphql, parse } from 'graphql';
import pg from 'pg';
import { newCaller, openTaskScene, type TaskScene } from '../../test/task-scene.ts';
import { createContext } from '../context.ts';
import { addTaskComment } from '../use-cases/add-task-comment.ts';
import { resolvers } from './index.ts';

let scene: TaskScene;
const owner = newCaller();
const typeDefs = parse(readFileSync('subgraphs/task/schema.graphql', 'utf8'));
const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });

beforeAll(async () => {
  scene = await openTaskScene();
  for (let index = 0; index < 10; index += 1) {
    const project = await scene.openProject(owner);
    for (let number = 0; number < 3; number += 1) {
      const task = await scene.openTask(project, owner, { assigneeId: owner.userId });
      await addTaskComment(scene.dependencies, { taskId: task.id, text: 'Soon.' }, owner);
    }
  }
});
afterAll(() => scene?.stop());

/** Runs the query, and returns the data and the number of statements. */
async function ask<Data>(source: string) {
  const viewer = { userId: owner.userId, sessionId: uuidv7(), scopes: new Set<string>() };
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  const contextValue = createContext(scene.dependencies, { viewer });
  const { data, errors } = await graphql({ schema, source, contextValue });
  const statements = spy.mock.calls.length;
  spy.mockRestore();
  expect(errors).toBeUndefined();
  return { data: data as Data, statements };
}

test.each([1, 10])('%i projects with members, tasks, comments and histories take 6 statements', async (first) => {
  const { data, statements } = await ask<{ projects: { nodes: { tasks: { nodes: object[] } }[] } }>(
    `{ projects(first: ${first}) { nodes { viewerRole members { nodes { role } }
       tasks { nodes { key assignee { id } history { toStatus } comments { nodes { text } } } } } } }`,
  );
  expect(data.projects.nodes.map(({ tasks }) => tasks.nodes.length)).toEqual(Array(first).fill(3));
  expect(statements).toBe(6);
});

test('counts take one more statement for each list, and the same list twice is read once', async () => {
  const counts =
    'members { totalCount cappedCount { count isCapped } } tasks { totalCount nodes { id } } again: tasks { nodes { id } }';
  const { data, statements } = await ask<{ projects: { totalCount: number } }>(
    `{ projects(first: 10) { totalCount nodes { ${counts} } } }`,
  );
  expect(data.projects.totalCount).toBe(10);
  expect(statements).toBe(7);
});

test('tasks with their projects and counts take 4 statements', async () => {
  const { statements } = await ask(
    '{ tasks(first: 30) { totalCount cappedCount { count } nodes { project { key name } } } }',
  );
  expect(statements).toBe(4);
});
