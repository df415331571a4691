import { ExpectedError } from '@shop/process';
import { poll } from '../process/poll.ts';
import { freePort, whyPortIsUnusable } from '../process/ports.ts';
import { processNames, type StackPorts } from './types.ts';

type PortName = keyof StackPorts;

const NAMES: readonly PortName[] = [...processNames, 'postgres', 'nats'];

/** The environment variable that sets a port. */
function portVariable(name: PortName): string {
  return `${name.toUpperCase()}_PORT`;
}

/** Replaces missing ports and 0 by free ports. */
export async function choosePorts(wanted: Partial<StackPorts> = {}): Promise<StackPorts> {
  const entries = await Promise.all(NAMES.map(async (name) => [name, wanted[name] || (await freePort())] as const));
  return Object.fromEntries(entries) as StackPorts;
}

/**
 * Checks that the ports differ and are usable, before anything is started.
 *
 * @param needed - The ports that this stack will listen on.
 * @param options - `host`: the services' address; `waitMs`: how long to wait for processes that are stopping.
 * @throws ExpectedError naming each port that cannot be used, and the variable to change.
 */
export async function requirePorts(
  ports: StackPorts,
  needed: readonly PortName[],
  options: { host: string; waitMs: number },
): Promise<void> {
  const same = needed.find((name, index) => needed.slice(index + 1).some((other) => ports[other] === ports[name]));
  if (same !== undefined)
    throw new ExpectedError(`Port ${ports[same]} is given twice. Set ${portVariable(same)} to another port.`);
  const unusable = async (): Promise<string[]> => {
    const reasons = await Promise.all(
      needed.map((name) => whyPortIsUnusable(ports[name], isServer(name) ? '127.0.0.1' : options.host)),
    );
    return needed.flatMap((name, index) => (reasons[index] ? [explain(name, ports[name], reasons[index])] : []));
  };
  let problems: string[] = [];
  await poll(async () => ((problems = await unusable()).length === 0 ? true : undefined), {
    timeoutMs: options.waitMs,
    everyMs: 100,
    orElse: () => new ExpectedError(problems.join('\n')),
  });
}

/** The port of a service's inspector on 127.0.0.1: 10000 above its own, or `null` when there is no such port. */
export function inspectorPort(port: number): number | null {
  return port + 10_000 <= 65_535 ? port + 10_000 : null;
}

function isServer(name: PortName): boolean {
  return name === 'postgres' || name === 'nats';
}

function explain(name: PortName, port: number, reason: string): string {
  const variable = portVariable(name);
  switch (reason) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop that program, or set ${variable} to a free port.`;
    case 'EACCES':
      return `Port ${port} needs privileges that this user does not have. Set ${variable} to a port above 1023.`;
    default:
      return `Port ${port} cannot be opened (${reason}). Set HOST to an address of this machine.`;
  }
}
