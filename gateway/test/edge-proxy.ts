import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { freePort } from '@shop/stack';
import { createCertificate, eventually, temporaryDirectory, writeCertificate } from '@shop/testing';

export const nginxFolder = 'deploy/edge/nginx';

export interface RunningProxy {
  readonly port: number;
  readonly httpPort: number;
  /** The certificate, for clients. */
  readonly ca: string;
  stop(): Promise<void>;
}

/**
 * Starts nginx with the configuration of deploy/edge, in front of these ports of loopback.
 *
 * @throws Error with nginx's message when it does not accept the configuration
 */
export async function startNginx(program: string, gatewayPorts: readonly number[]): Promise<RunningProxy> {
  const directory = await temporaryDirectory();
  const folder = directory.path;
  const certificate = await createCertificate();
  const { certFile, keyFile } = await writeCertificate(folder, certificate);
  const [port, httpPort] = [await freePort(), await freePort()];
  const values: Record<string, string> = {
    EDGE_HTTP_PORT: `127.0.0.1:${httpPort}`,
    EDGE_HTTPS_PORT: `127.0.0.1:${port}`,
    EDGE_CERT_FILE: certFile,
    EDGE_KEY_FILE: keyFile,
  };
  const template = await readFile(path.join(nginxFolder, 'templates/shop.conf.template'), 'utf8');
  const site = template
    // A name with several addresses gives as many servers.
    .replace(/^ *server \$\{GATEWAY_ADDRESS\}.*$/m, (line) =>
      gatewayPorts.map((each) => line.replace('${GATEWAY_ADDRESS}', `127.0.0.1:${each}`)).join('\n'),
    )
    .replace(/\$\{(\w+)\}/g, (_all, name: string) => String(values[name]));
  await mkdir(path.join(folder, 'conf.d'));
  await writeFile(path.join(folder, 'conf.d/shop.conf'), site);
  const main = (await readFile(path.join(nginxFolder, 'nginx.conf'), 'utf8'))
    .replaceAll(/\/tmp\/|\/dev\//g, `${folder}/`)
    .replace('/etc/nginx/conf.d', `${folder}/conf.d`)
    .replace('worker_processes auto', 'worker_processes 1');
  // Started by root, its workers would be somebody else, who may not read the folder.
  await writeFile(path.join(folder, 'nginx.conf'), `${process.getuid?.() === 0 ? 'user root;\n' : ''}${main}`);
  const nginx = spawn(program, ['-e', `${folder}/stderr`, '-c', `${folder}/nginx.conf`, '-g', 'daemon off;'], {
    stdio: 'ignore',
  });
  const ended = once(nginx, 'close');
  const stop = async () => {
    nginx.kill('SIGTERM');
    await ended;
    await directory.remove();
  };
  try {
    await eventually(
      async () => {
        if (nginx.exitCode !== null) return;
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        socket.destroy();
      },
      { timeoutMs: 60_000 },
    );
    if (nginx.exitCode !== null) throw new Error(await readFile(`${folder}/stderr`, 'utf8'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, httpPort, ca: certificate.cert, stop };
}

/** A server's machine: `kill` breaks its connections and refuses new ones, as the death of its process does. */
export interface Machine {
  readonly port: number;
  /** The connections that were accepted. */
  accepted(): number;
  kill(): Promise<void>;
  revive(): Promise<void>;
}

export async function startMachine(url: string): Promise<Machine> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((client) => {
    accepted += 1;
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => undefined)
        .once('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      from.pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    accepted: () => accepted,
    async kill() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    async revive() {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    },
  };
}
