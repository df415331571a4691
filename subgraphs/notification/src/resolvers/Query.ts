import { type CompleteFields, listAudit } from '@shop/subgraph';
import { listNotifications } from '../use-cases/list-notifications.ts';
import type { QueryResolvers } from './schema-types.ts';

export const Query = {
  notificationAudit: (_root, args, { database }) => listAudit(database.client, args),
  notifications: (_root, args, context) => listNotifications(context, args),
} satisfies CompleteFields<QueryResolvers>;
