import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { temporaryDirectory } from '@shop/testing';
import { findCores, type Pin } from './gateway/cores.ts';
import { composeGraph, type SubgraphName } from './gateway/graph.ts';
import { startLoad } from './gateway/load.ts';
import { compareAnswers, measureMemory, measureOperation, warmUp, type Bench } from './gateway/measure.ts';
import { operationNames, operations } from './gateway/operations.ts';
import type { GatewayOptions, PeerName } from './gateway/options.ts';
import { startGrafbase, startHive, startStock, type Graph } from './gateway/peers.ts';
import { describeMemory, describeRow } from './gateway/report.ts';
import { startSubgraphs } from './gateway/subgraphs.ts';
import { circumstances } from './results/circumstances.ts';
import { writeResults } from './results/write-results.ts';
import { startGateway, type MeasuredGateway } from './traces/start-gateways.ts';

const DOCUMENTS = 10_000;

/**
 * Measures this gateway beside others, with the same supergraph, the same operations and the same answers. All gateways share one core
 * and take turns; subgraphs and load generator share another one.
 */
export async function gateway(options: GatewayOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const ends: (() => Promise<void>)[] = [];
  try {
    const cores = findCores();
    const directory = await temporaryDirectory();
    ends.push(directory.remove);
    const load = startLoad(cores.rest);
    ends.push(load.stop);
    const subgraphs = startSubgraphs(cores.rest);
    ends.push(subgraphs.stop);
    const graph = await writeGraph(directory.path, (await subgraphs.ask('report')).urls);
    const gateways: MeasuredGateway[] = [];
    ends.push(async () => void (await Promise.all(gateways.map((each) => each.stop()))));
    gateways.push(await startOurs('this gateway', graph, cores.gateway, {}));
    const missing: string[] = [];
    for (const peer of options.peers) {
      try {
        gateways.push(await startPeer(peer, graph, cores.gateway, options.peersFolder));
      } catch (error) {
        missing.push(`${peer} could not be started and is left out: ${toSentence(error)}`);
        console.error(missing.at(-1));
      }
    }
    const tables = await measureRows({ gateways, load, subgraphs }, options);
    const state = cores.areSeparate ? [] : ['This system cannot keep the gateways on a core of their own.'];
    const results = [
      [circumstances(loadBefore, options.seconds), `${options.rounds} rounds.`, ...state].join(' '),
      ...tables,
    ];
    console.log(`\n${results[0]}\n`);
    if (options.isComplete && missing.length === 0)
      console.log(`Written to ${await writeResults('gateway', results.join('\n\n'))}.`);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** The message of an error, which may have the output of a program, on one line and not too long. */
function toSentence(error: unknown): string {
  const text = stripVTControlCharacters((error as Error).message)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}

/** Writes the supergraph where the gateway program reads it: in its working directory, beside the package's version. */
async function writeGraph(directory: string, urls: Readonly<Record<SubgraphName, string>>): Promise<Graph> {
  const supergraphFile = path.join(directory, 'gateway/supergraph.graphql');
  await mkdir(path.dirname(supergraphFile));
  await writeFile(supergraphFile, composeGraph(urls));
  await copyFile('package.json', path.join(directory, 'package.json'));
  return { urls, supergraphFile, directory };
}

/** Limits that the measured operations exceed, and load shedding, are off. The checks against them run. */
const limits = {
  MAX_COST: '1000000000',
  MAX_SELECTIONS: '1000000000',
  MAX_RESPONSE_BYTES: '1000000000',
  MIN_IN_FLIGHT: '1000',
  PLAN_TIMEOUT_MS: '600000',
};

function startOurs(
  label: string,
  graph: Graph,
  pin: Pin,
  env: Readonly<Record<string, string>>,
): Promise<MeasuredGateway> {
  const { urls, directory } = graph;
  const subgraphUrls = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, new URL(url).origin]));
  return startGateway({
    label,
    subgraphUrls,
    env: { ...limits, ...env },
    pin,
    directory,
  });
}

function startPeer(peer: PeerName, graph: Graph, pin: Pin, peersFolder: string): Promise<MeasuredGateway> {
  switch (peer) {
    case 'fallback':
      return startOurs('this gateway, GATEWAY_ENGINE=stock', graph, pin, { GATEWAY_ENGINE: 'stock' });
    case 'stock':
      return startStock(graph, { pin, peersFolder });
    case 'grafbase':
      return startGrafbase(graph, { pin, peersFolder });
    case 'hive':
      return startHive(graph, { pin, peersFolder });
  }
}

async function measureRows(bench: Bench, options: GatewayOptions): Promise<string[]> {
  const tables: string[] = [];
  const add = (table: string): void => {
    console.log(`\n${table}\n`);
    tables.push(table);
  };
  for (const name of operationNames.filter((each) => options.rows.includes(each))) {
    const operation = operations[name];
    const work = await compareAnswers(bench, operation);
    console.log(`${operation.title}: warming up …`);
    await warmUp(bench, operation);
    const { mostConnections = Infinity } = operation;
    for (const connections of options.connections.filter((each) => each <= mostConnections)) {
      console.log(`${operation.title}, ${connections} connections …`);
      const cells = await measureOperation(bench, operation, { ...options, connections });
      add(describeRow({ title: operation.title, connections, work, cells }));
    }
  }
  if (options.rows.includes('memory')) {
    console.log(`Memory after ${DOCUMENTS} documents …`);
    add(describeMemory(await measureMemory(bench, operations.unseen, DOCUMENTS), DOCUMENTS));
  }
  return tables;
}
