import type { Context } from '../../context.ts';
import { listUsersPage, type UserListArguments } from '../../use-cases/list-users.ts';

export const users = (_root: unknown, args: UserListArguments, context: Context) => listUsersPage(context, args);
