import { isUuid } from '@shop/service';
import type { Context } from '../../context.ts';
import { visible } from '../visible.ts';

export const product = async (_root: unknown, { id }: { id: string }, { products, viewer }: Context) =>
  isUuid(id) ? visible(await products.load(id.toLowerCase()), viewer) : null;
