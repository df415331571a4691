import { type CompleteFields, isUuid } from '@shop/subgraph';
import { readPreferences } from '../use-cases/read-preferences.ts';
import type { UserResolvers } from './schema-types.ts';
import { toPreferences } from './to-preferences.ts';

export const User = {
  __resolveReference: ({ id }) => (isUuid(id) ? { id: id.toLowerCase() } : null),
  notifications: ({ id }, args, { notificationPages }) => notificationPages.load({ recipientId: id, args }),
  notificationPreferences: async ({ id }, _args, context) =>
    context.viewer.userId === id ? toPreferences(await readPreferences(context, id)) : null,
} satisfies CompleteFields<UserResolvers>;
