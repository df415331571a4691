import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { Project } from '../domain/project.ts';
import type { TaskResolvers } from './schema-types.ts';

const refer = (id: string | null) => (id === null ? null : { id });

export const Task = {
  __resolveReference: ({ id }, { tasks }) => (isUuid(id) ? tasks.load(id.toLowerCase()) : null),
  // A task never outlives its project.
  project: async ({ projectId }, _args, { projectsOfTasks }) => (await projectsOfTasks.load(projectId)) as Project,
  assignee: ({ assigneeId }) => refer(assigneeId),
  creator: ({ creatorId }) => refer(creatorId),
  order: ({ orderId }) => refer(orderId),
  product: ({ productId }) => refer(productId),
  comments: ({ id }, args, { commentPages }) => commentPages.load({ parentId: id, args }),
  history: ({ id }, _args, { history }) => history.load(id),
} satisfies CompleteFields<TaskResolvers>;
