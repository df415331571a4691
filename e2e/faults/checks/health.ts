import type { Readiness } from '@shop/process';
import { type ProcessName, processNames, type Stack } from '@shop/stack';

/** No process lacks a dependency, and no work is overdue. Each replica is asked, since a gateway asks only one of each subgraph. */
export async function checkHealth(stack: Pick<Stack, 'replicas'>): Promise<string[]> {
  const reports = processNames.flatMap((name) =>
    stack.replicas(name).map(async ({ url }) => {
      const complaint = await complainOf(name, url).catch((error: Error) => error.message);
      return complaint === null ? [] : [`${name} at ${url}: ${complaint}`];
    }),
  );
  return (await Promise.all(reports)).flat();
}

async function complainOf(name: ProcessName, url: string): Promise<string | null> {
  if (name === 'gateway') {
    const { status, subgraphs } = await read<{ status: string; subgraphs: unknown }>(`${url}/health`);
    return status === 'ok' ? null : JSON.stringify(subgraphs);
  }
  const { status, checks, behind = [] } = await read<Readiness>(`${url}/health/ready`);
  const away = Object.keys(checks).filter((dependency) => checks[dependency]?.status !== 'up');
  const isWell = status === 'ready' && away.length === 0 && behind.length === 0;
  return isWell ? null : JSON.stringify({ status, away, behind });
}

async function read<Body>(url: string): Promise<Body> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as Body;
}
