// What the resolvers of a type of the schema get, where it is not what the schema says.
import type { Connection } from '@shop/subgraph';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';

export type UserParent = User;
export type SessionParent = Session;
/** Counted only where that is selected. */
export type UserConnectionParent = Connection<User> & { totalCount(): number | Promise<number> };
