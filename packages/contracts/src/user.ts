import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { id } from './scalars.ts';

/** An account was opened. Never carries a password, a token, or personal data. */
export const userCreated = defineEvent(
  'shop.user.created.v1',
  '/user',
  z.object({ userId: id, role: z.enum(['CUSTOMER', 'STAFF', 'ADMIN']) }),
);
