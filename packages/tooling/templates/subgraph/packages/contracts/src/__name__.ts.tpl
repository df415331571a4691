import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { id, instant } from './scalars.ts';

/** __A__ __name__ was created. */
export const __name__Created = defineEvent(
  'shop.__name__.created.v1',
  '/__name__',
  z.object({
    __name__Id: id,
    productId: id,
    /** Null after the author's account was deleted. */
    authorId: id.nullable(),
    createdAt: instant,
  }),
);
