import path from 'node:path';
import type { Project } from '../project.ts';

/** A database, as its folder below prisma/ describes it. */
export interface Database {
  readonly name: string;
  /** For example `prisma/order`. */
  readonly folder: string;
  /** Its schema files. */
  readonly schemas: readonly string[];
}

/** Lists the databases of the project: the folders below prisma/ with a schema.prisma. */
export function listDatabases(project: Project): Database[] {
  return project
    .list('prisma')
    .map((folder) => ({
      name: path.posix.basename(folder),
      folder,
      schemas: project.list(folder).filter((file) => file.endsWith('.prisma')),
    }))
    .filter(({ folder, schemas }) => schemas.includes(`${folder}/schema.prisma`));
}
