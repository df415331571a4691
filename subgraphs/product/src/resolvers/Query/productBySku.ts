import { plainText } from '@shop/subgraph';
import type { QueryResolvers } from '../schema-types.ts';
import { visible } from '../visible.ts';

export const productBySku: QueryResolvers['productBySku'] = async (_root, { sku }, { productsBySku, viewer }) =>
  plainText(64).safeParse(sku).success ? visible(await productsBySku.load(sku), viewer) : null;
