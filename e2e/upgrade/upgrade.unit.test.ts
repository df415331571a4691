import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryDirectory } from '@shop/testing';
import { packDataDir, unpackDataDir } from './archive.ts';
import { readManifest } from './manifest.ts';
import { findLostRows, type Row, type Rows } from './rows.ts';

describe('a migration that a release applied', () => {
  test.each(['user', 'product', 'order'] as const)('is unchanged in prisma/%s', async (subgraph) => {
    const { migrations } = await readManifest();
    const directory = path.join('prisma', subgraph, 'migrations');
    const checksums = Object.keys(migrations[subgraph]).map(async (name) => {
      const sql = await readFile(path.join(directory, name, 'migration.sql'));
      return [name, createHash('sha256').update(sql).digest('hex')] as const;
    });
    expect(Object.fromEntries(await Promise.all(checksums))).toEqual(migrations[subgraph]);
  });
});

describe('an archive', () => {
  test('keeps contents, modes and empty directories, and leaves out logs', async () => {
    const directory = await temporaryDirectory();
    try {
      const dataDir = path.join(directory.path, 'data');
      await mkdir(path.join(dataDir, 'postgres', 'pg_notify'), { recursive: true, mode: 0o700 });
      await mkdir(path.join(dataDir, 'logs'));
      await writeFile(path.join(dataDir, 'logs', 'order.log'), 'a line');
      await writeFile(path.join(dataDir, 'stack.lock'), '{}');
      await writeFile(path.join(dataDir, 'postgres', 'empty'), '');
      const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
      await writeFile(path.join(dataDir, 'postgres', 'page'), bytes);
      await chmod(path.join(dataDir, 'postgres', 'page'), 0o400);
      await chmod(path.join(dataDir, 'postgres', 'pg_notify'), 0o500);

      const archive = await packDataDir(dataDir);
      const copy = path.join(directory.path, 'copy');
      await unpackDataDir(archive, copy);

      expect((await readdir(copy, { recursive: true })).sort()).toEqual([
        'postgres',
        'postgres/empty',
        'postgres/page',
        'postgres/pg_notify',
      ]);
      expect(Uint8Array.from(await readFile(path.join(copy, 'postgres', 'page')))).toEqual(bytes);
      expect(await readFile(path.join(copy, 'postgres', 'empty'), 'utf8')).toBe('');
      const modes = ['postgres', 'postgres/page', 'postgres/pg_notify'].map(
        async (name) => (await stat(path.join(copy, name))).mode & 0o777,
      );
      expect(await Promise.all(modes)).toEqual([0o700, 0o400, 0o500]);
      expect(await packDataDir(dataDir)).toEqual(archive);
    } finally {
      await directory.remove();
    }
  });
});

describe('findLostRows', () => {
  const rows = (table: string, ...entries: readonly (readonly [string, Row])[]): Rows =>
    new Map([[table, new Map(entries)]]);

  test('finds missing rows, and changed rows of tables that are written once', () => {
    const before = rows('order_items', ['1', { quantity: 1 }], ['2', { quantity: 2 }], ['3', { quantity: 3 }]);
    const after = rows('order_items', ['1', { quantity: 1, added: true }], ['2', { quantity: 5 }]);
    expect(findLostRows(before, after, [])).toEqual(['order_items 2: quantity was 2, and is 5', 'order_items 3']);
    expect(findLostRows(before, new Map(), [])).toHaveLength(3);
  });

  test('accepts rows that continue, and rows that forget a deleted account', () => {
    const orders = rows('orders', ['1', { status: 'PENDING' }]);
    expect(findLostRows(orders, rows('orders', ['1', { status: 'RESERVED' }]), [])).toEqual([]);
    const entries = rows('order_events', ['1', { actor_id: 'erin' }]);
    const forgotten = rows('order_events', ['1', { actor_id: null }]);
    expect(findLostRows(entries, forgotten, ['erin'])).toEqual([]);
    expect(findLostRows(entries, forgotten, [])).toEqual(['order_events 1: actor_id was "erin", and is null']);
  });
});
