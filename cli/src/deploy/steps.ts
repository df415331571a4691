import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ExpectedError } from '@shop/process';
import { UnavailableError } from '../command-line/failures.ts';

/** A command of another program. */
export interface ExternalCommand {
  /** The program and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The standard input. Default: empty. */
  readonly input?: string;
}

/** The steps of a deployment. Each is reported before it runs. */
export interface Steps {
  readonly isDryRun: boolean;
  /** Reports a line. */
  report(line: string): void;
  /** Runs a command that changes nothing, also in a dry run. @returns its standard output, trimmed */
  read(purpose: string, command: ExternalCommand): Promise<string>;
  /** Runs a command that changes something. A dry run only reports it, and returns an empty text. */
  change(purpose: string, command: ExternalCommand): Promise<string>;
  /** Runs a command that explains a failure, and reports its output. It never fails. */
  explain(command: ExternalCommand): Promise<void>;
}

/** A command of another program that failed. */
export class CommandFailed extends ExpectedError {
  override name = 'CommandFailed';
}

/** How to get the programs that deployments use. */
const installations: Readonly<Record<string, string>> = {
  docker: 'Install Docker Engine with the Compose plugin, 2.23.1 or later: https://docs.docker.com/engine/install/',
  kubectl: 'Install kubectl: https://kubernetes.io/docs/tasks/tools/',
};

/**
 * @param options.env the environment of the programs
 * @param options.signal stops the program that runs
 */
export function createSteps(options: {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly isDryRun: boolean;
  readonly report: (line: string) => void;
}): Steps {
  const { isDryRun, report } = options;

  async function run({ argv, env = {}, input = '' }: ExternalCommand): Promise<string> {
    options.signal.throwIfAborted();
    const [program, ...args] = argv;
    const child = spawn(program, args, {
      cwd: options.root,
      env: { ...options.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      signal: options.signal,
      killSignal: 'SIGTERM',
    });
    // A program that does not read its input closes it early.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const [code] = (await once(child, 'close').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new UnavailableError(`${program} was not found. ${installations[program] ?? `Install ${program}.`}`, {
        cause,
      });
    })) as [number | null];
    if (code === 0) return (await stdout).trim();
    const reason = (await stderr).trim() || (await stdout).trim() || 'it printed nothing';
    throw new CommandFailed(`${argv.join(' ')} failed with ${code ?? 'a signal'}: ${reason}`);
  }

  return {
    isDryRun,
    report,
    read(purpose, command) {
      report(`${purpose}: ${describe(command)}`);
      return run(command);
    },
    async change(purpose, command) {
      report(`${isDryRun ? 'would ' : ''}${purpose}: ${describe(command)}`);
      return isDryRun ? '' : run(command);
    },
    async explain(command) {
      report(await run(command).catch((error: Error) => error.message));
    },
  };
}

/** The command as a person would type it. */
function describe({ argv, env = {} }: ExternalCommand): string {
  const words = argv.map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word}'`));
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...words].join(' ');
}
