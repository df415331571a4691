import type { PageArguments } from '@shop/service';
import type { Context } from '../../context.ts';
import { listLowStock } from '../../use-cases/list-low-stock.ts';

export const lowStock = (_root: unknown, args: PageArguments & { threshold: number }, context: Context) =>
  listLowStock(context, args);
