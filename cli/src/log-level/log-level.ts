import { findMetricsPort } from '@shop/contracts';
import { fields, loadConfig, type LogLevel, type LogLevelState } from '@shop/process';
import type { ProcessName } from '@shop/stack';
import { UnavailableError } from '../command-line/failures.ts';

/** Where the processes of this machine, or of this container, serve their metrics. */
export interface MetricsAddress {
  readonly host: string;
  /** The value of `METRICS_PORT`. */
  readonly basePort: number;
}

/** @throws ConfigError */
export function readMetricsAddress(env: NodeJS.ProcessEnv): MetricsAddress {
  const read = loadConfig('shop', { HOST: fields.host(), METRICS_PORT: fields.metricsPort() }, env);
  const host = ['0.0.0.0', '::'].includes(read.HOST) ? '127.0.0.1' : read.HOST;
  return { host: host.includes(':') ? `[${host}]` : host, basePort: read.METRICS_PORT };
}

const timeoutMs = 5_000;

/**
 * Reads the level of a process's log, or changes it for some minutes.
 *
 * @throws UnavailableError when the process cannot be reached, or refuses
 */
export async function askLogLevel(
  name: ProcessName,
  { host, basePort }: MetricsAddress,
  change?: { level: LogLevel; minutes: number },
): Promise<LogLevelState> {
  const port = findMetricsPort(basePort, name);
  const answer = await fetch(`http://${host}:${port}/log-level`, {
    signal: AbortSignal.timeout(timeoutMs),
    ...(change === undefined
      ? {}
      : { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(change) }),
  }).catch((cause: unknown) => {
    const advice = 'Start the system, or set METRICS_PORT and HOST as for its start.';
    throw new UnavailableError(`${name} does not answer at port ${port} of ${host}. ${advice}`, { cause });
  });
  if (answer.ok) return (await answer.json()) as LogLevelState;
  const { errors = [] } = (await answer.json().catch(() => ({}))) as { errors?: { message: string }[] };
  throw new UnavailableError(`${name} refuses: ${errors[0]?.message ?? `status ${answer.status}`}`);
}
