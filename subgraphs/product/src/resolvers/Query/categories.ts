import type { Context } from '../../context.ts';
import { listCategories } from '../../use-cases/find-categories.ts';

export const categories = (_root: unknown, _args: unknown, context: Context) => listCategories(context);
