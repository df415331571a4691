import { readFile } from 'node:fs/promises';
import { demoAccounts } from '@shop/contracts';
import { z } from 'zod';
import { roles } from './domain/role.ts';
import { taskPriorities } from './domain/task.ts';
import { taskStatuses } from './domain/task-status.ts';
import type { FilledProject } from './use-cases/fill-project.ts';

const person = z.enum(['staff', 'customer']).transform((name) => demoAccounts[name].id);

const demoTask = z
  .strictObject({
    title: z.string(),
    description: z.string().nullable().default(null),
    status: z.enum(taskStatuses),
    priority: z.enum(taskPriorities),
    daysAgo: z.int(),
    dueInDays: z.int().nullable().default(null),
    assignee: person.nullable().default(null),
    endedDaysAgo: z.int().nullable().default(null),
    comments: z.array(z.tuple([person, z.string()])).default([]),
  })
  .transform(({ assignee: assigneeId, comments, ...task }) => ({
    ...task,
    assigneeId,
    comments: comments.map(([authorId, text]) => ({ authorId, text })),
  }));

const demoProjects = z.array(
  z
    .strictObject({
      id: z.uuid(),
      key: z.string(),
      name: z.string(),
      description: z.string(),
      daysAgo: z.int(),
      members: z.record(z.string(), z.enum(roles)),
      tasks: z.array(demoTask),
    })
    .transform(({ members, ...project }) => ({
      ...project,
      members: Object.entries(members).map(([name, role]) => ({ userId: person.parse(name), role })),
    })),
);

/** Reads the projects of the demo data, whose people are the demo accounts. */
export async function readDemoProjects(): Promise<readonly FilledProject[]> {
  return demoProjects.parse(JSON.parse(await readFile('prisma/task/seed/projects.json', 'utf8')));
}
