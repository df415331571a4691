import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, freePortRange } from '@shop/stack';
import { eventually, graphqlClient, type GraphqlClient } from '@shop/testing';
import { type ProjectFiles, openFiles } from './project-copy.ts';

const run = promisify(execFile);

/** A copy of the whole project with its dependencies, in which a test can change, build and run everything. */
export interface Checkout extends ProjectFiles {
  /** Runs a program of Node, and returns its standard output. The error of a failed program has all of its output. */
  node(...args: string[]): Promise<string>;
  /**
   * Starts the system with `scripts/start.mjs` or `scripts/dev.mjs` on free ports and without demo data. Returns when it
   * answers.
   *
   * @param services the subgraphs of this copy
   */
  startSystem(script: 'start' | 'dev', services: readonly string[]): Promise<CheckoutSystem>;
  remove(): Promise<void>;
}

/** A running system. Its processes belong to the copy, not to this test's process. */
export interface CheckoutSystem {
  readonly admin: { readonly email: string; readonly password: string };
  /** The port of each program, by the variable that sets it, such as `ORDER_PORT`. */
  readonly ports: Readonly<Record<string, string>>;
  /** The gateway, for an anonymous caller. */
  readonly anonymous: GraphqlClient;
  /** Waits until the terminal shows text that matches. Starts after the text of the previous call. */
  untilPrinted(pattern: RegExp, timeoutMs?: number): Promise<string>;
  stop(): Promise<void>;
}

/** Copies the project. The dependencies are hard links, because they are 900 MB. */
export async function copyCheckout(): Promise<Checkout> {
  const original = process.cwd();
  const root = await mkdtemp(path.join(tmpdir(), 'checkout-'));
  const skipped = new Set(['.git', '.data', 'node_modules', 'coverage'].map((name) => path.join(original, name)));
  await cp(original, root, { recursive: true, filter: (source) => !skipped.has(source) });
  const [from, to] = [path.join(original, 'node_modules'), path.join(root, 'node_modules')];
  await run('cp', ['-al', from, to]).catch(() => run('cp', ['-a', from, to]));
  // npm and our tools write these in place, and must not write into the original.
  for (const name of ['.package-lock.json', '.cache'].filter((entry) => existsSync(path.join(from, entry)))) {
    await rm(path.join(to, name), { recursive: true, force: true });
    // Tests that run beside this one write the modules that they transform under another name first: `<hash>.<pid>.<random>`.
    const filter = (source: string): boolean => !/\.\d+\.\d+\.\d+$/.test(source);
    await cp(path.join(from, name), path.join(to, name), { recursive: true, filter });
  }
  return {
    ...openFiles(root),
    node: (...args) => runNode(root, args),
    startSystem: (script, services) => startSystem(root, script, services),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** The environment without the variables that Jest sets for itself. */
function readShellEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_ENV: _env, JEST_WORKER_ID: _worker, ...env } = process.env;
  return env;
}

async function runNode(root: string, args: readonly string[]): Promise<string> {
  const options = { cwd: root, env: readShellEnvironment(), maxBuffer: 64 * 1024 * 1024 };
  return run(process.execPath, args, options).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; stderr?: string; message: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`);
    },
  );
}

async function startSystem(root: string, script: string, services: readonly string[]): Promise<CheckoutSystem> {
  const admin = { email: 'admin@example.com', password: 'correct horse battery staple' };
  const programs = [...services, 'gateway', 'postgres', 'nats', 'mailbox', 'mailbox_smtp'];
  const ports = Object.fromEntries(
    await Promise.all(programs.map(async (name) => [`${name.toUpperCase()}_PORT`, String(await freePort())])),
  );
  ports['METRICS_PORT'] = String(await freePortRange(1 + services.length));
  const child = spawn(process.execPath, [`scripts/${script}.mjs`], {
    cwd: root,
    env: {
      ...readShellEnvironment(),
      ...ports,
      DATA_DIR: '.data',
      SEED: 'none',
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const untilPrinted = followOutput(child);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    // The first start also generates and bundles everything.
    const line = await untilPrinted(/GraphQL endpoint: \S+\n/, 480_000);
    const anonymous = graphqlClient(line.replace('GraphQL endpoint: ', '').trim());
    return { admin, ports, anonymous, untilPrinted, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function followOutput(child: ChildProcess): CheckoutSystem['untilPrinted'] {
  let output = '';
  let end = 0;
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => void (output += chunk));
  return (pattern, timeoutMs = 180_000) =>
    eventually(
      () => {
        const found = pattern.exec(output.slice(end));
        if (found === null) {
          const state = child.exitCode === null ? 'The program' : `The program, which exited with ${child.exitCode},`;
          throw new Error(
            `${state} did not print ${String(pattern)} after:\n${output.slice(0, end)}<here>${output.slice(end)}`,
          );
        }
        end += found.index + found[0].length;
        return found[0];
      },
      { timeoutMs },
    );
}
