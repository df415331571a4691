import type { QueryResolvers } from '../schema-types.ts';

export const me: QueryResolvers['me'] = (_root, _args, { viewer, users }) =>
  viewer.userId === null ? null : users.load(viewer.userId);
