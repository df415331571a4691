import { isUuid } from '@shop/subgraph';
import type { QueryResolvers } from '../schema-types.ts';
import { visible } from '../visible.ts';

export const product: QueryResolvers['product'] = async (_root, { id }, { products, viewer }) =>
  isUuid(id) ? visible(await products.load(id.toLowerCase()), viewer) : null;
