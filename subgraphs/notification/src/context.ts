import type { Viewer } from '@shop/process';
import { createNotificationLoader } from './db/notifications.ts';
import type { Dependencies } from './use-cases/dependencies.ts';
import { createNotificationPageLoader } from './use-cases/list-notifications.ts';

export type Context = ReturnType<typeof createContext>;

/** The context of one request. Loaders live as long as the request, so that no row is read twice or shared between requests. */
export function createContext(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  { viewer }: { viewer: Viewer },
) {
  return {
    database,
    now,
    viewer,
    notifications: createNotificationLoader(database),
    notificationPages: createNotificationPageLoader({ database }, viewer),
  };
}
