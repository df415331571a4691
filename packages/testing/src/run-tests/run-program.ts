import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Runs a program with Node in the project's root, and prints its output.
 *
 * @param watch gets the process when it has started; the process can then send messages
 * @returns its exit code; 1 when a signal ended it
 */
export function runProgram(
  args: readonly string[],
  root: string,
  env: NodeJS.ProcessEnv = {},
  watch?: (child: ChildProcess) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: watch === undefined ? 'inherit' : ['inherit', 'inherit', 'inherit', 'ipc'],
      // eslint-disable-next-line no-restricted-properties -- the child sees what the caller's shell set
      env: { ...process.env, ...env },
    });
    child.on('exit', (code) => resolve(code ?? 1));
    watch?.(child);
  });
}
