import { timingSafeEqual } from 'node:crypto';
import { ExpectedError } from '@shop/process';
import { z } from 'zod';
import { ArchiveKeys, encryptionScheme, plainSeal } from './encryption.ts';

/** The version of the archive's form that this code writes. It reads no later one. */
export const ARCHIVE_FORMAT = 1;

export const MANIFEST_FILE = 'manifest.json';

const databaseSchema = z.object({
  service: z.string(),
  /** `pg_dump`: a script with tables and rows. `copy`: rows only, and the migrations make the tables. */
  form: z.enum(['pg_dump', 'copy']),
  file: z.string().regex(/^[\w.-]+$/),
  /** The moment of the snapshot, by the server's clock. */
  snapshotAt: z.iso.datetime(),
  /** The place in the server's write-ahead log at that moment. */
  lsn: z.string(),
  serverVersion: z.string(),
  /** The migrations that the database had, in the order in which it got them. */
  migrations: z.array(z.string()),
  /** Rows by table. */
  tables: z.record(z.string(), z.number().int()),
  /** Bytes of the script. */
  scriptBytes: z.number().int(),
  fileBytes: z.number().int(),
  sha256: z.string(),
});

const manifestSchema = z.object({
  format: z.literal(ARCHIVE_FORMAT),
  /** The version of the project that made the archive. */
  release: z.string(),
  createdAt: z.iso.datetime(),
  compression: z.literal('gzip'),
  encryption: z.object({ scheme: z.literal(encryptionScheme.name), salt: z.string(), keyId: z.string() }).nullable(),
  databases: z.array(databaseSchema),
});

/** One database in an archive. */
export type ArchivedDatabase = z.infer<typeof databaseSchema>;

/** The table of contents of an archive. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest as text, with a seal over its other members. */
export function formatManifest(manifest: Manifest, keys: ArchiveKeys | undefined): string {
  return `${JSON.stringify({ ...manifest, seal: sealOf(manifest, keys) }, null, 2)}\n`;
}

/**
 * Reads a manifest. Its seal is not compared yet, since that may need the key.
 *
 * @throws ExpectedError for a text that is none, and for the form of a later release.
 */
export function parseManifest(text: string, file: string): { readonly manifest: Manifest; readonly seal: string } {
  const damaged = () => new ExpectedError(`${file} is damaged: it is no manifest of a backup. Use another backup.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged();
  }
  const { format, release, seal } = (json ?? {}) as { format?: unknown; release?: unknown; seal?: unknown };
  if (typeof format === 'number' && format > ARCHIVE_FORMAT)
    throw new ExpectedError(
      `${file} has the form ${format}, and this release reads up to ${ARCHIVE_FORMAT}. Use release ${String(release)} or a later one.`,
    );
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success || typeof seal !== 'string') throw damaged();
  return { manifest: parsed.data, seal };
}

/**
 * Derives the keys of an archive, and compares the manifest with its seal.
 *
 * @returns the keys, or undefined for an archive that is not encrypted.
 * @throws ExpectedError when the key is missing or another one, or when the manifest was changed.
 */
export function unlock(
  manifest: Manifest,
  seal: string,
  key: Buffer | undefined,
  path: string,
): ArchiveKeys | undefined {
  const keys = requireKeys(manifest, key, path);
  const [expected, found] = [Buffer.from(sealOf(manifest, keys)), Buffer.from(seal)];
  if (expected.length !== found.length || !timingSafeEqual(expected, found))
    throw new ExpectedError(`The manifest of ${path} was changed or is damaged. Use another backup.`);
  return keys;
}

function requireKeys({ encryption }: Manifest, key: Buffer | undefined, path: string): ArchiveKeys | undefined {
  if (encryption === null) return undefined;
  if (key === undefined)
    throw new ExpectedError(
      `${path} is encrypted. Set BACKUP_KEY or BACKUP_KEY_FILE to the key that it was made with.`,
    );
  const keys = new ArchiveKeys(key, Buffer.from(encryption.salt, 'base64url'));
  if (keys.id !== encryption.keyId)
    throw new ExpectedError(
      `${path} was encrypted with another key. Set BACKUP_KEY or BACKUP_KEY_FILE to the key that it was made with.`,
    );
  return keys;
}

function sealOf(manifest: Manifest, keys: ArchiveKeys | undefined): string {
  const hash = keys === undefined ? plainSeal() : keys.seal();
  return hash.update(JSON.stringify(manifestSchema.parse(manifest))).digest('hex');
}
