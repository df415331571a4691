import { hasScope } from '@shop/service';
import type { Context } from '../../context.ts';
import { browseProducts, type BrowseProducts } from '../../use-cases/browse-products.ts';

export const products = (_root: unknown, args: BrowseProducts, context: Context) =>
  browseProducts(context, args, hasScope(context.viewer, 'product:write'));
