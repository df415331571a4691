import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nameVariables, type ServiceName } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { freePort } from '@shop/stack';
import { UnavailableError } from '../command-line/failures.ts';
import { connect } from '../databases/targets.ts';

/** Options of {@link openStudio}. */
export interface StudioOptions {
  /** The root of the project, with `prisma` and `node_modules`. */
  readonly root: string;
  readonly name: ServiceName;
  readonly databaseUrl: string;
  /** Default: a free one. */
  readonly port: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** A running Prisma Studio. */
export interface Studio {
  readonly url: string;
  /** Waits until it ends by itself, or stops it when the signal fires. */
  untilStopped(): Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/**
 * Starts Prisma's command line with `studio`, and returns when its page answers. The URL of the database is passed in the environment:
 * other users of the machine can read a command line.
 *
 * @throws UnavailableError when the database cannot be reached or Prisma is not installed; ExpectedError when Studio does not start.
 */
export async function openStudio({
  root,
  name,
  databaseUrl,
  port: given,
  env,
  signal,
}: StudioOptions): Promise<Studio> {
  const program = findPrisma(root);
  // Studio starts without its database, and then shows an empty page.
  await connect({ name, databaseUrl }, (client) => client.query('SELECT'));
  const port = given ?? (await freePort());
  const config = path.join(root, 'prisma', name, 'prisma.config.ts');
  const child = spawn(
    process.execPath,
    [program, 'studio', '--config', config, '--port', String(port), '--browser', 'none'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: env['PATH'],
        HOME: env['HOME'],
        [nameVariables(name).databaseUrl]: databaseUrl,
        // Nothing is downloaded, and nobody is told: Studio needs no engine.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2_000)));
  const ended = once(child, 'close');
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const url = `http://localhost:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode === null && Date.now() < deadline && !signal.aborted) {
      await pause(POLL_MS);
      continue;
    }
    end();
    throw new ExpectedError(
      `Prisma Studio did not start on port ${port}: ${output.trim().split('\n').at(-1) || 'it gave no reason'}`,
    );
  }
  return {
    url,
    async untilStopped() {
      const stop = () => void child.kill('SIGTERM');
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      await ended;
      process.off('exit', end);
      if (!signal.aborted) throw new ExpectedError(`Prisma Studio ended: ${output.trim().split('\n').at(-1) ?? ''}`);
    },
  };
}

function findPrisma(root: string): string {
  try {
    return createRequire(path.join(root, 'package.json')).resolve('prisma/build/index.js');
  } catch (cause) {
    throw new UnavailableError(
      'Prisma Studio is a development dependency. Run this in a checkout of the project, after npm ci.',
      {
        cause,
      },
    );
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
