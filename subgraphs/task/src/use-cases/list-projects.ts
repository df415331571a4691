import { buildConnection, countLazily, countTogether, type PageArguments } from '@shop/subgraph';
import {
  countMembersByProject,
  countProjects,
  listMembersByProject,
  listProjects as readProjects,
} from '../db/pages.ts';
import type { ListedMember } from '../db/pages.ts';
import type { Reader } from '../db/rows.ts';
import type { Project } from '../domain/project.ts';
import type { Dependencies } from './dependencies.ts';
import { parseTimePage, readProjectCriteria, type ProjectFilter } from './lists.input.ts';
import { createChildrenLoader, type CountedConnection } from './load-by-parent.ts';

type DatabaseOnly = Pick<Dependencies, 'database'>;

export interface ListProjects extends PageArguments {
  readonly filter?: ProjectFilter | null | undefined;
}

/** One page of the projects that the reader may see, newest first. */
export async function listProjects(
  { database }: DatabaseOnly,
  { filter, ...args }: ListProjects,
  reader: Reader,
): Promise<CountedConnection<Project>> {
  const page = parseTimePage(args);
  const criteria = readProjectCriteria(filter);
  const rows = criteria ? await readProjects(database, reader, criteria, page) : [];
  return {
    ...buildConnection(rows, page, ({ createdAt, id }) => [createdAt.toISOString(), id]),
    ...countLazily(async (limit) => (criteria ? countProjects(database, reader, criteria, limit) : 0)),
  };
}

/** Loads pages of the members of projects, the longest first. A project that the reader may no longer see has none. */
export function createMemberPageLoader({ database }: DatabaseOnly, reader: Reader) {
  return createChildrenLoader<PageArguments, ListedMember>(async (projectIds, args) => {
    const page = parseTimePage(args);
    const lists = await listMembersByProject(database, reader, projectIds, page);
    const countsOf = countTogether((limit) => countMembersByProject(database, reader, projectIds, limit));
    return projectIds.map((id) => ({
      ...buildConnection(lists.get(id) ?? [], page, ({ since, userId }) => [since.toISOString(), userId]),
      ...countsOf(id),
    }));
  });
}
