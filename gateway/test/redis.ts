import { spawn, type ChildProcess } from 'node:child_process';
import { freePort } from '@shop/stack';
import { temporaryDirectory } from '@shop/testing';
import { findProgram } from './programs.ts';

const program = findProgram('redis-server', 'valkey-server');

/** Stands in the title of a test that needs Redis: the reason for which it is skipped, if it is. */
export const redisSkipReason =
  program === undefined ? ' (skipped: neither redis-server nor valkey-server was found)' : '';

/** A Redis or Valkey server of a test. */
export interface TestRedis {
  readonly url: string;
  /** Starts it again, empty. */
  start(): void;
  /** Kills it. */
  stop(): Promise<void>;
  /** Kills it and removes its directory. */
  remove(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const directory = await temporaryDirectory();
  const port = await freePort();
  let server: ChildProcess | undefined;
  const redis = {
    url: `redis://127.0.0.1:${port}`,
    start() {
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory.path];
      server = spawn(String(program), args, { stdio: 'ignore' });
    },
    async stop() {
      if (server === undefined) return;
      const ended = new Promise((resolve) => server?.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
      server = undefined;
    },
    async remove() {
      await redis.stop();
      await directory.remove();
    },
  };
  redis.start();
  return redis;
}
