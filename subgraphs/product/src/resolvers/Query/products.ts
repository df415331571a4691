import { hasScope } from '@shop/access';
import { browseProducts } from '../../use-cases/browse-products.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const products: QueryResolvers['products'] = (_root, args, context) =>
  browseProducts(context, args, hasScope(context.viewer, 'product:write'));
