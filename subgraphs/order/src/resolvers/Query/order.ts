import type { QueryResolvers } from '../schema-types.ts';
import { loadVisibleOrder } from '../visible.ts';

export const order: QueryResolvers['order'] = (_root, { id }, context) => loadVisibleOrder(id, context);
