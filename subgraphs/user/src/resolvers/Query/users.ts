import { listUsersPage } from '../../use-cases/list-users.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const users: QueryResolvers['users'] = (_root, args, context) => listUsersPage(context, args);
