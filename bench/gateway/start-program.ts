import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { eventually } from '@shop/testing';
import type { MeasuredGateway } from '../traces/start-gateways.ts';

const KEPT_OUTPUT = 2_000;

/**
 * Starts the program of a gateway or of another server and waits until it answers.
 *
 * @throws Error with the end of the program's output when it does not start within two minutes
 */
export async function startProgram(options: {
  label: string;
  command: readonly string[];
  directory: string;
  url: string;
  /** Further variables. Default: none. */
  env?: NodeJS.ProcessEnv;
  /** The request that is repeated until the program answers it well. Default: a GraphQL query to its URL. */
  ask?: () => Promise<Response>;
}): Promise<MeasuredGateway> {
  const { label, command, directory, url, env = {}, ask = () => askGraphql(url) } = options;
  const child = spawnProgram(command, directory, env);
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-KEPT_OUTPUT));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let hasExited = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      hasExited = true;
      resolve();
    };
    child.once('exit', end).once('error', end);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    // A program that does not end while it has connections is of no more use.
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(timer);
  };
  try {
    await eventually(
      async () => {
        if (hasExited) return;
        const response = await ask();
        if (!response.ok) throw new Error(`${label} answers ${response.status}.`);
      },
      { timeoutMs: 120_000 },
    );
    if (hasExited) throw new Error(`${label} has ended.`);
  } catch (error) {
    if (!hasExited) await stop();
    throw new Error(`${(error as Error).message} Its output: ${output}`, { cause: error });
  }
  return { label, url, pid: child.pid ?? 0, stop };
}

/** Starts a program of another project in a folder of the benchmark's own, in production mode. */
export function spawnProgram(
  [program = '', ...args]: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(program, args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: directory, NODE_ENV: 'production', ...env },
  });
}

const askGraphql = (url: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' });
