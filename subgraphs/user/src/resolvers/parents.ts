// The value that the resolvers of a schema type receive, where it differs from the schema.
import type { AuditConnection, Connection, ListCounts } from '@shop/subgraph';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';

export type UserParent = User;
export type SessionParent = Session;
/** Runs a count only when the field is selected. */
export type UserConnectionParent = Connection<User> & ListCounts;

export type AuditConnectionParent = AuditConnection;
/** The other fields are read when they are selected. */
export type PersonalDataParent = { readonly account: User };
