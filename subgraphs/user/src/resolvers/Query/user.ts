import type { Context } from '../../context.ts';
import { findUser } from '../../use-cases/find-user.ts';

export const user = (_root: unknown, { id }: { id: string }, context: Context) => findUser(context, id);
