import type { CompleteFields } from '@shop/subgraph';
import { browseCategory } from '../use-cases/browse-category.ts';
import type { CategoryResolvers } from './schema-types.ts';

export const Category = {
  parent: ({ parentId }, _args, { categories }) => (parentId === null ? null : categories.load(parentId)),
  children: ({ id }, _args, { childCategories }) => childCategories.load(id),
  products: ({ slug }, args, context) => browseCategory(context, slug, args),
} satisfies CompleteFields<CategoryResolvers>;
