import type { PageArguments } from '@shop/service';
import type { Context } from '../context.ts';
import type { Category as CategoryRow } from '../domain/category.ts';
import { browseCategory } from '../use-cases/browse-category.ts';
import type { ProductSort } from '../use-cases/browse-products.input.ts';

export const Category = {
  parent: ({ parentId }: CategoryRow, _args: unknown, { categories }: Context) =>
    parentId === null ? null : categories.load(parentId),
  children: ({ id }: CategoryRow, _args: unknown, { childCategories }: Context) => childCategories.load(id),
  products: ({ slug }: CategoryRow, args: PageArguments & { sort?: ProductSort | null }, context: Context) =>
    browseCategory(context, slug, args),
};
