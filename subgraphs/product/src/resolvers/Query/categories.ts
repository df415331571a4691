import { listCategories } from '../../use-cases/find-categories.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const categories: QueryResolvers['categories'] = (_root, _args, context) => listCategories(context);
