import type { CompleteFields } from '@shop/subgraph';
import type { TaskCommentResolvers } from './schema-types.ts';

export const TaskComment = {
  author: ({ authorId }) => (authorId === null ? null : { id: authorId }),
} satisfies CompleteFields<TaskCommentResolvers>;
