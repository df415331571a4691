import { findMetricsPort } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { poll } from '../process/poll.ts';
import { freePort, freePortRange, INSPECTOR_OFFSET, whyPortIsUnusable } from '../process/ports.ts';
import { processNames, type ServerName, type StackPorts } from './types.ts';

type PortName = keyof StackPorts;

const SERVERS: readonly ServerName[] = ['postgres', 'nats', 'mailbox', 'mailbox_smtp'];
const NAMES = [...processNames, ...SERVERS];

/** The environment variable that sets a port. */
function portVariable(name: PortName): string {
  return `${name.toUpperCase()}_PORT`;
}

/** Replaces missing ports and 0 by free ports. */
export async function choosePorts(wanted: Partial<StackPorts> = {}): Promise<StackPorts> {
  const entries = await Promise.all(NAMES.map(async (name) => [name, wanted[name] || (await freePort())] as const));
  const metrics = wanted.metrics || (await freePortRange(processNames.length));
  return { ...Object.fromEntries(entries), metrics } as StackPorts;
}

/** One port that this stack will listen on. */
interface Use {
  readonly name: PortName;
  readonly port: number;
}

/** The ports that have these names. The metrics have one for each process. */
function listUses(ports: StackPorts, names: readonly PortName[]): readonly Use[] {
  return names.flatMap((name): readonly Use[] =>
    name === 'metrics'
      ? processNames.map((process) => ({ name, port: findMetricsPort(ports.metrics, process) }))
      : [{ name, port: ports[name] }],
  );
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
  const uses = listUses(ports, needed);
  const same = uses.find(({ port }, index) => uses.slice(index + 1).some((other) => other.port === port));
  if (same !== undefined)
    throw new ExpectedError(`Port ${same.port} is given twice. Set ${portVariable(same.name)} to another port.`);
  const unusable = async (): Promise<string[]> => {
    const reasons = await Promise.all(
      uses.map(({ name, port }) => whyPortIsUnusable(port, isServer(name) ? '127.0.0.1' : options.host)),
    );
    const taken = uses.filter((_, index) => reasons[index] === 'EADDRINUSE');
    if (taken.length > 1) return [explainTaken(taken)];
    return uses.flatMap((use, index) => (reasons[index] ? [explain(use, reasons[index])] : []));
  };
  let problems: string[] = [];
  await poll(async () => ((problems = await unusable()).length === 0 ? true : undefined), {
    timeoutMs: options.waitMs,
    everyMs: 100,
    orElse: () => new ExpectedError(problems.join('\n')),
  });
}

/** The port of a service's inspector on 127.0.0.1, {@link INSPECTOR_OFFSET} above its own, or `null` when there is no such port. */
export function inspectorPort(port: number): number | null {
  return port + INSPECTOR_OFFSET <= 65_535 ? port + INSPECTOR_OFFSET : null;
}

function isServer(name: PortName): boolean {
  return (SERVERS as readonly PortName[]).includes(name);
}

/** Several ports at once are most likely those of another running system. */
function explainTaken(taken: readonly Use[]): string {
  const list = (texts: readonly (string | number)[]): string =>
    texts.length === 1 ? String(texts[0]) : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
  const variables = [...new Set(taken.map(({ name }) => portVariable(name)))];
  return (
    `Ports ${list(taken.map(({ port }) => port))} are in use, probably by another system of this project. ` +
    `Stop it, or set DATA_DIR to another directory, and ${list(variables)} to free ports.`
  );
}

function explain({ name, port }: Use, reason: string): string {
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
