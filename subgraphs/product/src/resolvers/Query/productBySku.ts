import { plainText } from '@shop/service';
import type { Context } from '../../context.ts';
import { visible } from '../visible.ts';

export const productBySku = async (_root: unknown, { sku }: { sku: string }, { productsBySku, viewer }: Context) =>
  plainText(64).safeParse(sku).success ? visible(await productsBySku.load(sku), viewer) : null;
