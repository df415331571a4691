import { isUuid } from '@shop/subgraph';
import type DataLoader from 'dataloader';
import type { User } from '../domain/user.ts';

/** Any account; null where there is none, also for an id that no account can have. */
export async function findUser(
  { users }: { users: DataLoader<string, User | null> },
  id: string,
): Promise<User | null> {
  return isUuid(id) ? users.load(id.toLowerCase()) : null;
}
