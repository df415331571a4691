import { plainLine, plainText, requiredText } from '@shop/subgraph';
import { z } from 'zod';
import { taskPriorities } from '../domain/task.ts';

const FIRST = Date.UTC(1970, 0);
const LAST = Date.UTC(9999, 11, 31);

/** An empty description is none. */
const description = plainText(10_000)
  .trim()
  .normalize('NFC')
  .nullable()
  .transform((text) => text || null);

/** The rules of the fields of projects. */
export const projectFields = {
  key: z.string().regex(/^[A-Z0-9]{2,16}$/, 'must be 2 to 16 upper-case letters and digits'),
  name: plainLine(200).trim().min(1),
  description,
};

/** The rules of the fields of tasks. */
export const taskFields = {
  title: plainLine(200).trim().min(1),
  description,
  priority: z.enum(taskPriorities),
  dueAt: z
    .date()
    .refine((at) => at.getTime() >= FIRST && at.getTime() <= LAST, 'must be in the years 1970 to 9999')
    .nullable(),
  assigneeId: z.string().nullable(),
};

export const commentText = requiredText(4_000);

/** The id of something that need not exist. */
export const foreignId = z.uuid().toLowerCase().nullable();

/** Chosen by the client. Null means that a repeated request is not recognised. */
export const idempotencyKey = plainText(200)
  .min(1)
  .nullish()
  .transform((key) => key ?? null);

export const expectedVersion = z.int().nullish();
