import { checkAvailability } from '../../use-cases/check-availability.ts';
import type { QueryResolvers } from '../schema-types.ts';

export const availability: QueryResolvers['availability'] = (_root, { items }, context) =>
  checkAvailability(context, items);
