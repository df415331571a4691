import path from 'node:path';
import { type ServiceName, serviceNames } from '@shop/contracts';
import { startStack, type Stack, type StackOptions } from '@shop/stack';
import { graphqlClient, type GraphqlClient } from './graphql-client.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface TestStack {
  readonly stack: Stack;
  /** The gateway, for an anonymous caller. */
  readonly anonymous: GraphqlClient;
  stop(): Promise<void>;
}

/** The whole system as `npm start` runs it, from `dist`, on free ports with its own data directory. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const directory = await temporaryDirectory();
  try {
    const stack = await startStack({ seed: 'none', dataDir: path.join(directory.path, 'data'), ...options });
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

/** The URLs of all databases of a system, by subgraph. */
export function databaseUrlsOf(stack: Pick<Stack, 'databaseUrl'>): Record<ServiceName, string> {
  return Object.fromEntries(serviceNames.map((name) => [name, stack.databaseUrl(name)])) as Record<ServiceName, string>;
}
