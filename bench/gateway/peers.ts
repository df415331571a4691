import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@shop/stack';
import { installPackages } from '../peers/install.ts';
import type { MeasuredGateway } from '../traces/start-gateways.ts';
import type { Pin } from './cores.ts';
import { schemas, type SubgraphName } from './graph.ts';
import { startProgram } from './start-program.ts';

/** The graph that a gateway serves. */
export interface Graph {
  readonly urls: Readonly<Record<SubgraphName, string>>;
  /** The file of the composed supergraph. */
  readonly supergraphFile: string;
  /** A folder of the benchmark's own, which is removed at its end. */
  readonly directory: string;
}

interface Place {
  readonly pin: Pin;
  readonly peersFolder: string;
}

/** Stock `@apollo/gateway` with Apollo Server. They are the project's dependencies already. */
export async function startStock(graph: Graph, { pin }: Place): Promise<MeasuredGateway> {
  const port = await freePort();
  return startProgram({
    label: 'stock @apollo/gateway, Apollo Server',
    command: [
      ...pin,
      process.execPath,
      path.resolve('dist/bench-gateway-stock.js'),
      graph.supergraphFile,
      String(port),
    ],
    directory: graph.directory,
    url: `http://127.0.0.1:${port}/`,
  });
}

/** Grafbase is a program in Rust. It composes its own supergraph from the schemas of the subgraphs. */
export async function startGrafbase(graph: Graph, { pin, peersFolder }: Place): Promise<MeasuredGateway> {
  const version = '0.80.4';
  const modules = await installPackages(path.join(peersFolder, 'grafbase'), { grafbase: version });
  const platforms = path.join(modules, '@grafbase');
  const [platform] = existsSync(platforms) ? await readdir(platforms) : [];
  if (platform === undefined) throw new Error('The package grafbase has no program for this system.');
  const program = path.join(platforms, platform, 'grafbase');
  const directory = path.join(graph.directory, 'grafbase');
  await mkdir(directory);
  // Both files are needed: the program knows a subgraph by the first one, and reads its schema from the second one.
  const [subgraphs, overrides]: [string[], string[]] = [[], []];
  for (const [name, url] of Object.entries(graph.urls)) {
    const file = path.join(directory, `${name}.graphql`);
    await writeFile(file, schemas[name as SubgraphName]);
    const known = [`[subgraphs.${name}]`, `url = ${JSON.stringify(url)}`];
    subgraphs.push(...known);
    overrides.push(...known, `schema_path = ${JSON.stringify(file)}`);
  }
  await writeFile(path.join(directory, 'gateway.toml'), `${subgraphs.join('\n')}\n`);
  await writeFile(path.join(directory, 'overrides.toml'), `${overrides.join('\n')}\n`);
  const port = await freePort();
  return startProgram({
    label: `grafbase ${version}`,
    command: [...pin, program, 'dev', '-c', 'gateway.toml', '-o', 'overrides.toml', '-p', String(port)],
    directory,
    url: `http://127.0.0.1:${port}/graphql`,
  });
}

/** Hive Gateway is a program in JavaScript. */
export async function startHive(graph: Graph, { pin, peersFolder }: Place): Promise<MeasuredGateway> {
  const version = '2.15.1';
  const modules = await installPackages(path.join(peersFolder, 'hive'), { '@graphql-hive/gateway': version });
  const port = await freePort();
  const program = path.join(modules, '@graphql-hive/gateway/dist/bin.js');
  const listen = ['--host', '127.0.0.1', '--port', String(port)];
  return startProgram({
    label: `Hive Gateway ${version}`,
    command: [...pin, process.execPath, program, 'supergraph', graph.supergraphFile, ...listen],
    directory: graph.directory,
    url: `http://127.0.0.1:${port}/graphql`,
  });
}
