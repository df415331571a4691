import type { CompleteFields } from '@shop/subgraph';
import type { ProjectMemberResolvers } from './schema-types.ts';

export const ProjectMember = {
  user: ({ userId }) => ({ id: userId }),
} satisfies CompleteFields<ProjectMemberResolvers>;
