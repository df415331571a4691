import type { Context } from '../../context.ts';

export const me = (_root: unknown, _args: unknown, { viewer, users }: Context) =>
  viewer.userId === null ? null : users.load(viewer.userId);
