import { countDue } from '../db/stock-watches.ts';
import type { Dependencies } from './dependencies.ts';

/** Counts products and failed refunds whose task has waited for longer than `maxAgeMs`. */
export async function countOverdue(
  { database, shopTasks, now }: Pick<Dependencies, 'database' | 'shopTasks' | 'now'>,
  maxAgeMs: number,
): Promise<Record<string, number>> {
  if (shopTasks.projectKey === null) return {};
  const { products, refunds } = await countDue(database, new Date(now().getTime() - maxAgeMs));
  return { 'restocking tasks': products, 'tasks of failed refunds': refunds };
}
