import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, type ProcessName, processNames } from '@shop/stack';
import { eventually, temporaryDirectory } from '@shop/testing';
import { parse, stringify } from 'yaml';
import { prometheusFolder } from './files.ts';

export interface RunningPrometheus {
  /** Asks for the current values of an expression. @throws Error with Prometheus's message */
  query(expr: string): Promise<readonly { readonly metric: Readonly<Record<string, string>> }[]>;
  /** The rules that it has loaded, with the error of their last evaluation. */
  readRules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]>;
  stop(): Promise<void>;
}

/** The configuration of the containers, which scrapes the processes at these addresses, and does everything more often. */
function writeConfiguration(folder: string, metricsUrls: Readonly<Record<ProcessName, string>>): void {
  cpSync(prometheusFolder, folder, { recursive: true });
  const rules = path.join(folder, 'rules');
  for (const file of readdirSync(rules)) {
    const text = readFileSync(path.join(rules, file), 'utf8');
    writeFileSync(path.join(rules, file), text.replaceAll('interval: 1m', 'interval: 1s'));
  }
  const file = path.join(folder, 'prometheus.yml');
  const config = parse(readFileSync(file, 'utf8')) as { scrape_configs: Record<string, unknown>[] };
  const [job] = config.scrape_configs;
  const scrape_configs = [
    {
      job_name: job?.['job_name'],
      static_configs: processNames.map((name) => ({
        targets: [new URL(metricsUrls[name]).host],
        labels: { service: name },
      })),
    },
  ];
  // A busy machine may take more than a second for an answer.
  const global = { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '1s' };
  writeFileSync(file, stringify({ ...config, global, scrape_configs }));
}

/** Starts a Prometheus with the rules of the project. */
export async function startPrometheus(
  program: string,
  metricsUrls: Readonly<Record<ProcessName, string>>,
): Promise<RunningPrometheus> {
  const directory = await temporaryDirectory();
  writeConfiguration(directory.path, metricsUrls);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = path.join(directory.path, 'prometheus.log');
  const log = openSync(logFile, 'w');
  const running = spawn(
    program,
    [
      `--config.file=${path.join(directory.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(directory.path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', log, log] },
  );
  const ended = once(running, 'exit');
  const stop = async (): Promise<void> => {
    running.kill('SIGTERM');
    await ended;
    await directory.remove();
  };
  const get = async (place: string, parameters: Record<string, string> = {}): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1/${place}?${new URLSearchParams(parameters).toString()}`);
    const { status, error, data } = (await answer.json()) as { status: string; error?: string; data: unknown };
    if (status !== 'success') throw new Error(`${error}: ${parameters['query']}`);
    return data;
  };
  try {
    await eventually(async () => {
      if (running.exitCode !== null) throw new Error(readFileSync(logFile, 'utf8'));
      expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    query: async (query) =>
      ((await get('query', { query })) as { result: { metric: Record<string, string> }[] }).result,
    readRules: async () => {
      const { groups } = (await get('rules')) as { groups: { rules: { name: string; health: string }[] }[] };
      return groups.flatMap(({ rules }) => rules);
    },
    stop,
  };
}
