import { formatTable } from '../command-line/table.ts';
import type { FoundArchive } from './archive/archive-directory.ts';
import type { ArchivedDatabase, Manifest } from './archive/manifest.ts';

/** The databases of an archive as a table. */
export function formatDatabases(databases: readonly ArchivedDatabase[]): string {
  return formatTable(
    ['SERVICE', 'FORM', 'ROWS', 'SIZE', 'MOMENT', 'LSN'],
    databases.map((database) => [
      database.service,
      database.form,
      String(countRows(database)),
      formatBytes(database.fileBytes),
      database.snapshotAt,
      database.lsn,
    ]),
  );
}

/** Archives as a table. */
export function formatArchives(archives: readonly FoundArchive[]): string {
  return formatTable(
    ['ARCHIVE', 'RELEASE', 'SERVICES', 'ROWS', 'SIZE', 'ENCRYPTED'],
    archives.map(({ path, manifest }) => [
      path,
      manifest.release,
      manifest.databases.map(({ service }) => service).join(', '),
      String(sum(manifest, countRows)),
      formatBytes(sum(manifest, ({ fileBytes }) => fileBytes)),
      manifest.encryption === null ? 'no' : `with key ${manifest.encryption.keyId}`,
    ]),
  );
}

const countRows = ({ tables }: ArchivedDatabase): number =>
  Object.values(tables).reduce((total, rows) => total + rows, 0);

const sum = ({ databases }: Manifest, count: (database: ArchivedDatabase) => number): number =>
  databases.reduce((total, database) => total + count(database), 0);

function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** The oldest moment of some databases. */
export const findOldestMoment = (databases: readonly ArchivedDatabase[]): Date =>
  new Date(Math.min(...databases.map(({ snapshotAt }) => Date.parse(snapshotAt))));
