import { buildConnection, countLazily, parsePage, plainText, type PageArguments } from '@shop/subgraph';
import { z } from 'zod';
import { countUsers, listUsers, type UserFilter } from '../db/user-list.ts';
import type { Role } from '../domain/role.ts';
import type { Dependencies } from './dependencies.ts';

const cursor = z.tuple([z.uuid()]);
/** The maximum length of e-mails and names. */
const MAX_SEARCH = 254;

export interface UserListArguments extends PageArguments {
  readonly filter?: {
    readonly search?: string | null;
    readonly role?: Role | null;
    readonly active?: boolean | null;
  } | null;
}

/** Lists one page of accounts, newest first. They are counted only when the count is requested. */
export async function listUsersPage({ database }: Pick<Dependencies, 'database'>, args: UserListArguments) {
  const page = parsePage(args, cursor);
  const filter = parseFilter(args.filter);
  const rows = filter === null ? [] : await listUsers(database, filter, page);
  return {
    ...buildConnection(rows, page, ({ id }) => [id]),
    ...countLazily(async (limit) => (filter === null ? 0 : countUsers(database, filter, limit))),
  };
}

/** Returns null when nothing can match: PostgreSQL neither stores nor accepts text with NUL. */
function parseFilter(given: UserListArguments['filter']): UserFilter | null {
  const search = given?.search?.trim() || undefined;
  if (search !== undefined && !plainText(MAX_SEARCH).safeParse(search).success) return null;
  return { search, role: given?.role ?? undefined, active: given?.active ?? undefined };
}
