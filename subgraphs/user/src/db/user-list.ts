import { escapeLike, type Page } from '@shop/subgraph';
import { emailKey } from '../domain/email.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import type { Database } from './database.ts';
import type { Prisma } from './generated/client.ts';
import { publicFields } from './users.ts';

export interface UserFilter {
  /** Part of an e-mail or a name, without regard to case. */
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/** Lists users, newest first: ids grow with time. A backward page is read from the end. */
export function listUsers({ client }: Database, filter: UserFilter, page: Page<readonly [string]>): Promise<User[]> {
  const beyond = page.direction === 'forward' ? { lt: page.after?.[0] } : { gt: page.before?.[0] };
  return client.user.findMany({
    where: { AND: [conditions(filter), { id: beyond as Prisma.UuidFilter }] },
    orderBy: { id: page.direction === 'forward' ? 'desc' : 'asc' },
    take: page.limit + 1,
    select: publicFields,
  });
}

export function countUsers({ client }: Database, filter: UserFilter): Promise<number> {
  return client.user.count({ where: conditions(filter) });
}

function conditions({ search, role, active }: UserFilter): Prisma.UserWhereInput {
  return {
    ...(role === undefined ? {} : { role }),
    ...(active === undefined ? {} : { active }),
    ...(search === undefined
      ? {}
      : {
          OR: [
            ...toEmailParts(search).map((part) => ({ emailKey: { contains: escapeLike(part) } })),
            { name: { contains: escapeLike(search), mode: 'insensitive' } },
          ],
        }),
  };
}

/** A part of an e-mail as it stands in keys, where international domains are in ASCII. */
function toEmailParts(search: string): string[] {
  return [...new Set([search.normalize('NFC').toLowerCase(), emailKey(search)])];
}
