import { freePort } from '../process/ports.ts';
import { type Assembly, reportStep } from './assembly.ts';
import { serviceEnvironment, urlAt } from './environment.ts';
import { inspectorPort } from './ports.ts';
import { createService, type ServiceWithLog } from './service.ts';
import { type ProcessName, processNames, type ReplicaOptions, type StackService } from './types.ts';

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
    processNames.map((name) => [name, createProcess(name, prepared.ports[name], assembly, { name, isStackStarting })]),
  ) as Record<ProcessName, ServiceWithLog>;
  const further = new Map<ProcessName, ServiceWithLog[]>();
  const all = (name: ProcessName): ServiceWithLog[] => [firsts[name], ...(further.get(name) ?? [])];

  async function start(service: ServiceWithLog, program: ProcessName, name: string): Promise<void> {
    stopOrder.add(program === 'gateway' ? 'gateway' : 'subgraphs', () => service.stop().finally(service.close));
    await reportStep(report, name, service.startUntilReady(60_000), () => `ready on ${service.url}`);
  }

  return {
    all,
    first: (name) => firsts[name],
    start: (name) => start(firsts[name], name, name),
    async startReplica(program, { port, env } = {}) {
      const usedPort = port ?? (await freePort());
      const replicas = all(program);
      const name = `${program}-${replicas.length + 1}`;
      const replica = createProcess(program, usedPort, assembly, { name, env, isStackStarting });
      further.set(program, [...replicas.slice(1), replica]);
      await start(replica, program, name);
      return replica;
    },
  };
}

function createProcess(
  program: ProcessName,
  port: number,
  { root, prepared, report, restarts, inspect }: Assembly,
  rest: { name: string; env?: NodeJS.ProcessEnv | undefined; isStackStarting: () => boolean },
): ServiceWithLog {
  const { host, ports, logDir } = prepared;
  const own = serviceEnvironment(program, { ...prepared, ports: { ...ports, [program]: port } });
  return createService({
    ...rest,
    program,
    root,
    logDir,
    env: { ...own, ...rest.env },
    url: urlAt(host, port),
    inspectorPort: inspect ? inspectorPort(port) : null,
    report,
    restarts,
  });
}
