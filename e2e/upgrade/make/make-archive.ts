import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packDataDir } from '../archive.ts';
import { archiveFiles, type Manifest } from '../manifest.ts';
import { fingerprintSecrets } from '../secrets.ts';
import { breakOff } from './break-off.ts';
import { requireComplete } from './complete.ts';
import { openDatabases } from './databases.ts';
import { describeDatabases } from './describe.ts';
import { createNotes } from './notes.ts';
import { enter } from './people.ts';
import { startRelease } from './release.ts';
import { type Goods, openTheShop, reserveForLong, type Scene, trade } from './scenario.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Runs a scenario against a release, stops it, and writes its data directory as an archive with a manifest.
 *
 * @param release the root of a checkout of the release
 * @param output the folder of the archives
 */
export async function makeArchive(release: string, output: string): Promise<void> {
  const { version } = JSON.parse(await readFile(path.join(release, 'package.json'), 'utf8')) as { version: string };
  const { stdout: commit } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: release });

  const scratch = await mkdtemp(path.join(tmpdir(), 'upgrade-archive-'));
  const dataDir = path.join(scratch, 'data');
  const notes = createNotes();

  /** One start of the release, with its own duration of reservations. */
  async function chapter<Result>(
    title: string,
    reservationSeconds: number,
    play: (scene: Scene, running: Awaited<ReturnType<typeof startRelease>>) => Promise<Result>,
  ): Promise<Result> {
    print(`${title} (reservations of ${reservationSeconds} s)`);
    const running = await startRelease(release, dataDir, { RESERVATION_SECONDS: String(reservationSeconds) });
    try {
      const databases = await openDatabases(running);
      const result = await play({ graphqlUrl: running.graphqlUrl, databases, notes }, running);
      await databases.close();
      return result;
    } finally {
      await running.stop();
    }
  }

  try {
    const admin = async () => ({
      email: 'admin@example.com',
      password: (await readFile(path.join(dataDir, 'secrets', 'admin-password'), 'utf8')).trim(),
    });
    const goods: Goods = await chapter('The shop opens', 2, async (scene) => {
      const { email, password } = await admin();
      return openTheShop(scene, await enter(scene.graphqlUrl, email, password));
    });
    await chapter('Orders that stay reserved', 2_592_000, (scene) => reserveForLong(scene, goods));
    const described = await chapter('The other orders', 900, async (scene, running) => {
      const cast = await trade(scene, goods);
      await breakOff(running, scene, cast, goods);
      const contents = await describeDatabases(scene.databases, notes);
      return { ...contents, natsServer: running.natsServer, stoppedAt: new Date().toISOString() };
    });

    const manifest: Manifest = {
      release: version,
      commit: commit.trim(),
      natsServer: described.natsServer,
      stoppedAt: described.stoppedAt,
      admin: await admin(),
      accounts: notes.accounts,
      sessions: notes.sessions,
      products: described.products,
      orders: described.orders,
      unpublished: described.unpublished,
      unhandled: described.unhandled,
      deadLetters: described.deadLetters,
      secrets: await fingerprintSecrets(dataDir),
      migrations: described.migrations,
      rows: described.rows,
    };
    requireComplete(manifest);
    print('Packing; this takes a minute');
    const packed = await packDataDir(dataDir);
    const files = archiveFiles(version, output);
    await writeFile(files.archive, packed);
    await writeFile(files.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
    print(`${files.archive}: ${(packed.length / 1024 / 1024).toFixed(2)} MiB`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
