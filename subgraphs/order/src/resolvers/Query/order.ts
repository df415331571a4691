import type { Context } from '../../context.ts';
import { loadVisibleOrder } from '../visible.ts';

export const order = (_root: unknown, { id }: { id: string }, context: Context) => loadVisibleOrder(id, context);
