import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model Thing {
  id String @id

  @@map("things")
}
`;

/** Writes a Prisma schema and migrations by name. */
export async function writeSchema(
  directory: string,
  migrations: Record<string, string>,
  schema = SCHEMA,
  { lockFile = true } = {},
): Promise<void> {
  await mkdir(join(directory, 'migrations'), { recursive: true });
  await writeFile(join(directory, 'schema.prisma'), schema);
  if (lockFile) await writeFile(join(directory, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, sql] of Object.entries(migrations)) {
    await mkdir(join(directory, 'migrations', name), { recursive: true });
    await writeFile(join(directory, 'migrations', name, 'migration.sql'), sql);
  }
}
