import { findMetricsPort } from '@shop/contracts';
import { freePort } from '../process/ports.ts';
import { type Assembly, reportStep } from './assembly.ts';
import { schemeOf, serviceEnvironment, urlAt } from './environment.ts';
import { inspectorPort } from './ports.ts';
import { createService, type ServiceWithLog } from './service.ts';
import { type ProcessName, processNames, type ReplicaOptions, type StackPorts, type StackService } from './types.ts';

/** The processes of a stack that answer HTTP. */
export interface Processes {
  first(name: ProcessName): ServiceWithLog;
  /** The first replica and all further ones. */
  all(name: ProcessName): readonly ServiceWithLog[];
  /** Starts the first replica. */
  start(name: ProcessName): Promise<void>;
  startReplica(name: ProcessName, options?: ReplicaOptions): Promise<StackService>;
}

export function createProcesses(assembly: Assembly, isStackStarting: () => boolean): Processes {
  const { prepared, stopOrder, report } = assembly;
  const firsts = Object.fromEntries(
    processNames.map((name) => {
      const { ports } = prepared;
      return [name, createProcess(name, ports, assembly, { name, isStackStarting })];
    }),
  ) as Record<ProcessName, ServiceWithLog>;
  const further = new Map<ProcessName, ServiceWithLog[]>();
  const all = (name: ProcessName): ServiceWithLog[] => [firsts[name], ...(further.get(name) ?? [])];

  async function start(service: ServiceWithLog, program: ProcessName, name: string): Promise<void> {
    stopOrder.add(program === 'gateway' ? 'gateway' : 'subgraphs', () => service.stop().finally(service.close));
    await reportStep(report, name, service.startUntilReady(180_000), () => `ready on ${service.url}`);
  }

  return {
    all,
    first: (name) => firsts[name],
    start: (name) => start(firsts[name], name, name),
    async startReplica(program, { port, metricsPort, env } = {}) {
      // The process adds its place in the table to the port of the metrics that it is given.
      const offset = findMetricsPort(1, program) - 1;
      const ports = {
        ...prepared.ports,
        [program]: port ?? (await freePort()),
        metrics: (metricsPort ?? (await freePort())) - offset,
      };
      const replicas = all(program);
      const name = `${program}-${replicas.length + 1}`;
      const replica = createProcess(program, ports, assembly, { name, env, isStackStarting });
      further.set(program, [...replicas.slice(1), replica]);
      await start(replica, program, name);
      return replica;
    },
  };
}

function createProcess(
  program: ProcessName,
  ports: StackPorts,
  { root, prepared, report, restarts, inspect }: Assembly,
  rest: { name: string; env?: NodeJS.ProcessEnv | undefined; isStackStarting: () => boolean },
): ServiceWithLog {
  const { host, logDir } = prepared;
  const port = ports[program];
  const own = serviceEnvironment(program, { ...prepared, ports });
  const env = { ...own, ...rest.env };
  return createService({
    ...rest,
    program,
    root,
    logDir,
    env,
    url: urlAt(host, port, schemeOf(program, env)),
    metricsUrl: `${urlAt(host, findMetricsPort(ports.metrics, program))}/metrics`,
    inspectorPort: inspect ? inspectorPort(port) : null,
    report,
    restarts,
  });
}
