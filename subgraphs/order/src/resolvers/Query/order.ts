import { requireUser } from '@shop/service';
import type { Context } from '../../context.ts';
import { loadVisibleOrder } from '../visible.ts';

export function order(_root: unknown, { id }: { id: string }, context: Context) {
  requireUser(context.viewer);
  return loadVisibleOrder(id, context);
}
