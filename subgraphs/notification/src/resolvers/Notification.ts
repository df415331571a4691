import { hasScope } from '@shop/access';
import { type CompleteFields, isUuid } from '@shop/subgraph';
import type { NotificationResolvers } from './schema-types.ts';

export const Notification = {
  __resolveReference: async ({ id }, { notifications, viewer }) => {
    const notification = isUuid(id) ? await notifications.load(id.toLowerCase()) : null;
    const isOwn = notification !== null && viewer.userId !== null && notification.recipientId === viewer.userId;
    return isOwn || hasScope(viewer, 'notification:read') ? notification : null;
  },
  order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
  recipient: ({ recipientId }) => (recipientId === null ? null : { id: recipientId }),
} satisfies CompleteFields<NotificationResolvers>;
