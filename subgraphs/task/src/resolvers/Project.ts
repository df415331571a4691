import { isUuid, type CompleteFields } from '@shop/subgraph';
import type { ProjectResolvers } from './schema-types.ts';

export const Project = {
  __resolveReference: ({ id }, { projects }) => (isUuid(id) ? projects.load(id.toLowerCase()) : null),
  members: ({ id }, args, { memberPages }) => memberPages.load({ parentId: id, args }),
  viewerRole: ({ id }, _args, { roles }) => roles.load(id),
  tasks: ({ id }, args, { taskPages }) => taskPages.load({ parentId: id, args }),
} satisfies CompleteFields<ProjectResolvers>;
