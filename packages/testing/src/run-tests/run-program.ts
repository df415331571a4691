import { spawn, type ChildProcess } from 'node:child_process';

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the process when it has started; the process can then send messages. */
  readonly watch?: ((child: ChildProcess) => void) | undefined;
  /** Gets what the program prints. Default: it is printed. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Runs a program with Node in the project's root.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export function runProgram(args: readonly string[], root: string, options: ProgramOptions = {}): Promise<number> {
  const { env, watch, onOutput } = options;
  const output = onOutput === undefined ? 'inherit' : 'pipe';
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['inherit', output, output, ...(watch === undefined ? [] : ['ipc' as const])],
      // oxlint-disable-next-line no-restricted-properties -- the child sees what the caller's shell set
      env: { ...process.env, ...env },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput ?? (() => {}));
    child.on('close', (code) => resolve(code ?? 1));
    watch?.(child);
  });
}
