import type { Context } from '../../context.ts';
import { findCategory } from '../../use-cases/find-categories.ts';

export const category = (_root: unknown, { slug }: { slug: string }, context: Context) => findCategory(context, slug);
