import { listLowStock } from '../../use-cases/list-low-stock.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const lowStock: QueryResolvers['lowStock'] = (_root, args, context) => listLowStock(context, args);
