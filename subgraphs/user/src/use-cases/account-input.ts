import { plainLine, plainText } from '@shop/subgraph';
import { z } from 'zod';
import { isCommonPassword } from '../auth/common-passwords.ts';
import { isEmail, tidyEmail } from '../domain/email.ts';

/** The rules of an account's fields, when an account is opened or changed. */
export const accountInput = {
  email: plainLine(1_000).transform(tidyEmail).pipe(z.string().refine(isEmail, 'must be an e-mail address')),
  password: plainText(256)
    .min(12)
    .pipe(z.string().refine((password) => !isCommonPassword(password), 'is among the most common passwords')),
  name: plainLine(200).trim().min(1),
  /** Null when there is none. */
  phone: plainLine(50)
    .trim()
    .nullish()
    .transform((phone) => phone || null),
};
