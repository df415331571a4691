import { isUuid } from '@shop/subgraph';
import type DataLoader from 'dataloader';
import type { User } from '../domain/user.ts';

/** Finds any account. Returns null when there is none, or the id is invalid. */
export async function findUser(
  { users }: { users: DataLoader<string, User | null> },
  id: string,
): Promise<User | null> {
  return isUuid(id) ? users.load(id.toLowerCase()) : null;
}
