import { isUuid, listAudit, type CompleteFields } from '@shop/subgraph';
import { listProjects } from '../use-cases/list-projects.ts';
import { listTasks } from '../use-cases/list-tasks.ts';
import type { QueryResolvers } from './schema-types.ts';

export const Query = {
  project: (_root, { id }, { projects }) => (isUuid(id) ? projects.load(id.toLowerCase()) : null),
  projects: (_root, args, context) => listProjects(context, args, context.reader),
  task: (_root, { id }, { tasks }) => (isUuid(id) ? tasks.load(id.toLowerCase()) : null),
  taskAudit: (_root, args, { database }) => listAudit(database.client, args),
  tasks: (_root, args, context) => listTasks(context, args, context.reader),
} satisfies CompleteFields<QueryResolvers>;
