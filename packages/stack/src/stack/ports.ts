import { poll } from '../process/poll.ts';
import { freePort, whyPortIsUnusable } from '../process/ports.ts';
import { ExpectedError } from '@shop/process';
import type { StackPorts } from './types.ts';

type PortName = keyof StackPorts;

const NAMES: readonly PortName[] = ['gateway', 'user', 'product', 'order', 'postgres', 'nats'];

/** The environment variable that sets a port. */
export function portVariable(name: PortName): string {
  return `${name.toUpperCase()}_PORT`;
}

/** Replaces ports that are missing or 0 by free ones. */
export async function choosePorts(wanted: Partial<StackPorts> = {}): Promise<StackPorts> {
  const entries = await Promise.all(NAMES.map(async (name) => [name, wanted[name] || (await freePort())] as const));
  return Object.fromEntries(entries) as StackPorts;
}

/**
 * Checks, before anything is started, that the ports are different ones and can be listened on.
 *
 * @param needed - Those that this stack will listen on.
 * @param options - `host`: the services' address; `waitMs`: how long to wait for processes that are just ending.
 * @throws ExpectedError naming each port that is taken and the variable to change.
 */
export async function requirePorts(
  ports: StackPorts,
  needed: readonly PortName[],
  options: { host: string; waitMs: number },
): Promise<void> {
  const same = needed.find((name, index) => needed.slice(index + 1).some((other) => ports[other] === ports[name]));
  if (same !== undefined)
    throw new ExpectedError(`Port ${ports[same]} is given twice: set ${portVariable(same)} to another one.`);
  const unusable = async (): Promise<string[]> => {
    const reasons = await Promise.all(
      needed.map((name) => whyPortIsUnusable(ports[name], isServer(name) ? '127.0.0.1' : options.host)),
    );
    return needed.flatMap((name, index) => (reasons[index] ? [explain(name, ports[name], reasons[index])] : []));
  };
  let complaints: string[] = [];
  await poll(async () => ((complaints = await unusable()).length === 0 ? true : undefined), {
    timeoutMs: options.waitMs,
    everyMs: 100,
    orElse: () => new ExpectedError(complaints.join('\n')),
  });
}

function isServer(name: PortName): boolean {
  return name === 'postgres' || name === 'nats';
}

function explain(name: PortName, port: number, reason: string): string {
  const variable = portVariable(name);
  switch (reason) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program: stop that program, or set ${variable} to a free port.`;
    case 'EACCES':
      return `Port ${port} needs privileges that this user lacks: set ${variable} to one above 1023.`;
    default:
      return `Port ${port} cannot be listened on (${reason}): set HOST to an address of this machine.`;
  }
}
