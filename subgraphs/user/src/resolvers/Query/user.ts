import { findUser } from '../../use-cases/find-user.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const user: QueryResolvers['user'] = (_root, { id }, context) => findUser(context, id);
