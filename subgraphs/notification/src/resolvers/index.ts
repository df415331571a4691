import { DateTime } from '@shop/graphql';
import type { CompleteResolvers } from '@shop/subgraph';
import { resendNotification } from './Mutation/resendNotification.ts';
import { unsubscribe } from './Mutation/unsubscribe.ts';
import { updateNotificationPreferences } from './Mutation/updateNotificationPreferences.ts';
import { Notification } from './Notification.ts';
import { Query } from './Query.ts';
import type { Resolvers } from './schema-types.ts';
import { User } from './User.ts';

export const resolvers = {
  DateTime,
  Query,
  Mutation: { resendNotification, unsubscribe, updateNotificationPreferences },
  Notification,
  User,
} satisfies CompleteResolvers<Resolvers>;
