import { spawn } from 'node:child_process';

/** Runs a program with Node in the project's root, and prints its output. @returns its exit code; 1 when a signal ended it */
export function runProgram(args: readonly string[], root: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    // eslint-disable-next-line no-restricted-properties -- the child sees what the caller's shell set
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
