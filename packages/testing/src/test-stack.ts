import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { startStack, type Stack, type StackOptions } from '@shop/stack';
import { hasSharedServers } from './config.ts';
import { graphqlClient, type GraphqlClient } from './graphql-client.ts';
import { askHost } from './shared-servers/ask-host.ts';
import type { DataDirectory, Seed } from './shared-servers/data-directories.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface TestStack {
  readonly stack: Stack;
  /** The gateway, for an anonymous caller. */
  readonly anonymous: GraphqlClient;
  stop(): Promise<void>;
}

/** Options of {@link startTestStack}. */
export interface TestStackOptions extends Partial<StackOptions> {
  /**
   * True for a data directory that has data already. Default: it is a copy of one that the run has filled. A system of another root fills
   * its own, since its migrations may differ.
   */
  readonly hasData?: boolean;
}

/** A subgraph that is slow because the machine is busy must not look unavailable. */
const PATIENCE = { SUBGRAPH_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_MS: '15000', PLAN_TIMEOUT_MS: '60000' };

/**
 * The whole system as `npm start` runs it, from `dist`, on free ports with its own data directory. The timeout of subgraphs is a minute,
 * unless `env` sets it.
 */
export async function startTestStack({ hasData = false, ...options }: TestStackOptions = {}): Promise<TestStack> {
  const directory = await temporaryDirectory();
  const { seed = 'none', dataDir = path.join(directory.path, 'data') } = options;
  try {
    const isThisProject = path.resolve(options.root ?? '.') === process.cwd();
    if (!hasData && isThisProject && hasSharedServers()) await copyFilledDataDir(seed, dataDir);
    const stack = await startStack({ ...options, env: { ...PATIENCE, ...options.env }, seed, dataDir });
    return {
      stack,
      anonymous: graphqlClient(stack.graphqlUrl),
      stop: async () => {
        await stack.stop();
        await directory.remove();
      },
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

/** `cp -a` keeps the owners of the files: PostgreSQL does not run as root. */
async function copyFilledDataDir(seed: Seed, dataDir: string): Promise<void> {
  const filled = (await askHost('POST', `data-directories/${seed}`)) as DataDirectory;
  await promisify(execFile)('cp', ['-a', filled.path, dataDir]);
}

/** The URLs of all databases of a system, by subgraph. */
export function databaseUrlsOf(stack: Pick<Stack, 'databaseUrl'>): Record<ServiceName, string> {
  return Object.fromEntries(serviceNames.map((name) => [name, stack.databaseUrl(name)])) as Record<ServiceName, string>;
}
