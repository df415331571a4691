import type { Context } from '../../context.ts';
import { checkAvailability } from '../../use-cases/check-availability.ts';

export const availability = (
  _root: unknown,
  { items }: { items: readonly { productId: string; quantity: number }[] },
  context: Context,
) => checkAvailability(context, items);
