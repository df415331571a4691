import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { embeddedDatabaseUrl, freePort, readSecretFile } from '@shop/stack';
import { eventually } from '@shop/testing';
import type { Subgraph } from '../manifest.ts';

/** A release that runs with its own `npm start`, as on a shop's computer. */
export interface Release {
  readonly graphqlUrl: string;
  /** Version of the broker. */
  readonly natsServer: string;
  databaseUrl(subgraph: Subgraph): Promise<string>;
  /** Freezes a subgraph's process. The supervisor does not notice. */
  freeze(subgraph: Subgraph): Promise<void>;
  resume(subgraph: Subgraph): Promise<void>;
  /** Kills a subgraph, and waits until the supervisor has restarted it. */
  restart(subgraph: Subgraph): Promise<void>;
  /** Stops the broker permanently. The supervisor cannot restart it, since its port is in use. */
  removeBroker(): Promise<void>;
  /** Ends the release as Ctrl-C does. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 60_000;

/**
 * Starts a release and returns when it is ready.
 *
 * @param directory - A checkout of the release.
 * @param env - Variables besides those of ports and `DATA_DIR`.
 */
export async function startRelease(
  directory: string,
  dataDir: string,
  env: Readonly<Record<string, string>>,
): Promise<Release> {
  const ports = await chooseFreePorts();
  const npm = spawn('npm', ['start'], {
    cwd: directory,
    detached: true, // a process group, which Ctrl-C ends
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env, ...portVariables(ports), DATA_DIR: dataDir, SEED: 'none' },
  });
  const { graphqlUrl, natsServer } = await readStart(npm);
  const findPid = (program: string): Promise<number> => findDescendant(npm.pid ?? 0, program);
  const signal = async (subgraph: Subgraph, name: NodeJS.Signals): Promise<void> =>
    void process.kill(await findPid(`dist/${subgraph}.js`), name);
  let takenPort: Server | undefined;

  return {
    graphqlUrl,
    natsServer,
    async databaseUrl(subgraph) {
      const password = await readSecretFile(path.join(dataDir, 'secrets', `database-${subgraph}`));
      if (password === null) throw new Error(`${dataDir}/secrets has no password of the ${subgraph} database.`);
      return embeddedDatabaseUrl(subgraph, ports.postgres, password);
    },
    freeze: (subgraph) => signal(subgraph, 'SIGSTOP'),
    resume: (subgraph) => signal(subgraph, 'SIGCONT'),
    async restart(subgraph) {
      await signal(subgraph, 'SIGKILL');
      await eventually(async () => {
        const { status } = await fetch(`http://127.0.0.1:${ports[subgraph]}/health/ready`);
        if (status !== 200) throw new Error(`${subgraph} is not ready: status ${status}`);
      });
    },
    async removeBroker() {
      process.kill(await findPid('nats-server'), 'SIGTERM');
      takenPort = await takePort(ports.nats);
    },
    async stop() {
      const exited = once(npm, 'exit');
      process.kill(-(npm.pid ?? 0), 'SIGINT');
      const inTime = await Promise.race([exited.then(() => true), pause(STOP_TIMEOUT_MS, false, { ref: false })]);
      takenPort?.close();
      if (!inTime) throw new Error(`The release did not stop within ${STOP_TIMEOUT_MS / 1000} s.`);
    },
  };
}

type Ports = Readonly<Record<Subgraph | 'gateway' | 'postgres' | 'nats', number>>;

async function chooseFreePorts(): Promise<Ports> {
  const [gateway, user, product, order, postgres, nats] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { gateway, user, product, order, postgres, nats };
}

function portVariables(ports: Ports): Record<string, string> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [`${name.toUpperCase()}_PORT`, String(port)]));
}

/** Forwards the release's output, and returns the lines that it prints when it is ready. */
function readStart(npm: ChildProcess): Promise<Pick<Release, 'graphqlUrl' | 'natsServer'>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The release was not ready after ${START_TIMEOUT_MS / 1000} s.`)),
      START_TIMEOUT_MS,
    );
    let output = '';
    npm.stdout?.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text.replace(/^(?=.)/gm, '  '));
      output += text;
      const graphqlUrl = /^GraphQL endpoint: (\S+)$/m.exec(output)?.[1];
      if (graphqlUrl === undefined) return;
      clearTimeout(timer);
      resolve({ graphqlUrl, natsServer: /\(nats-server ([\d.]+)\)/.exec(output)?.[1] ?? 'unknown' });
    });
    npm.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The release ended with code ${code} before it was ready.`));
    });
  });
}

/** Finds a process by its command line among those that `ancestor` started. */
async function findDescendant(ancestor: number, program: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
  const processes = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  let generation = [ancestor];
  while (generation.length > 0) {
    const children = processes.filter(({ parent }) => generation.includes(parent));
    const found = children.find(({ command }) => command.includes(program));
    if (found !== undefined) return found.pid;
    generation = children.map(({ pid }) => pid);
  }
  throw new Error(`The release has no process of ${program}.`);
}

/** Listens on a port as soon as it is free, and closes every connection. */
async function takePort(port: number): Promise<Server> {
  return eventually(async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  });
}
