import { type Bind, type CountLimit, createBinder, escapeLike, type Page, selectCount, sqlOver } from '@shop/subgraph';
import { emailKey } from '../domain/email.ts';
import type { Role } from '../domain/role.ts';
import type { User } from '../domain/user.ts';
import type { Database } from './database.ts';
import { publicColumns } from './users.ts';

export interface UserFilter {
  /** Part of an e-mail or a name, or the beginning of one where it is short. Without regard to case. */
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/** A shorter text has no three letters in a row, by which the indexes on parts find rows. */
const SHORTEST_PART = 3;

/** Lists users, newest first: ids grow with time. A backward page is read from the end. */
export function listUsers({ client }: Database, filter: UserFilter, page: Page<readonly [string]>): Promise<User[]> {
  const { values, bind } = createBinder();
  const [place, sign, sense] = page.direction === 'forward' ? [page.after, '<', 'DESC'] : [page.before, '>', 'ASC'];
  const isBeyond = place ? [`u.id ${sign} ${bind(place[0], 'uuid')}`] : [];
  return sqlOver(client).query<User>(
    `SELECT ${publicColumns} FROM users u WHERE ${[...conditions(filter, bind), ...isBeyond].join(' AND ')}
      ORDER BY u.id ${sense} LIMIT ${bind(page.limit + 1, 'int')}`,
    values,
  );
}

/** Counts users, up to the limit. */
export async function countUsers({ client }: Database, filter: UserFilter, limit: CountLimit): Promise<number> {
  const { values, bind } = createBinder();
  const [row] = await sqlOver(client).query<{ count: number }>(
    selectCount(`SELECT FROM users u WHERE ${conditions(filter, bind).join(' AND ')}`, limit),
    values,
  );
  return row?.count ?? 0;
}

function conditions({ search, role, active }: UserFilter, bind: Bind): string[] {
  return [
    'true',
    ...(role === undefined ? [] : [`u.role = ${bind(role, '"Role"')}`]),
    ...(active === undefined ? [] : [`u.active = ${bind(active, 'boolean')}`]),
    ...(search === undefined ? [] : [`(${matches(search, bind).join(' OR ')})`]),
  ];
}

function matches(search: string, bind: Bind): string[] {
  const text = escapeLike(search);
  const parts = toEmailParts(search).map(escapeLike);
  if ([...search].length < SHORTEST_PART) {
    return [
      ...parts.map((part) => `u.email_key LIKE ${bind(`${part}%`, 'text')}`),
      // The expression must be the one in the index, or the index is not used.
      `lower(u.name) LIKE lower(${bind(`${text}%`, 'text')})`,
    ];
  }
  return [
    ...parts.map((part) => `u.email_key LIKE ${bind(`%${part}%`, 'text')}`),
    `u.name ILIKE ${bind(`%${text}%`, 'text')}`,
  ];
}

/** A part of an e-mail as it stands in keys, where international domains are in ASCII. */
function toEmailParts(search: string): string[] {
  return [...new Set([search.normalize('NFC').toLowerCase(), emailKey(search)])];
}
