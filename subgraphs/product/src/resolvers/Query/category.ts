import { findCategory } from '../../use-cases/find-categories.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const category: QueryResolvers['category'] = (_root, { slug }, context) => findCategory(context, slug);
