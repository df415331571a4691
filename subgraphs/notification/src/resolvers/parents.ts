import type { AuditConnection } from '@shop/subgraph';
// The parents of the resolvers of a type, where they differ from the type in the schema.
import type { Notification } from '../domain/notification.ts';
import type { NotificationConnection } from '../use-cases/list-notifications.ts';

export type NotificationParent = Notification;
export type NotificationConnectionParent = NotificationConnection;
export type UserParent = { readonly id: string };
export type AuditConnectionParent = AuditConnection;
