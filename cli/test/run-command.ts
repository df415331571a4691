import type { ExitCode } from '../src/command-line/exit-codes.ts';
import { runShop } from '../src/command-line/run-shop.ts';

export interface CommandRun {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, with a terminal that records its output. */
export async function runCommand(
  args: readonly string[],
  {
    env = {},
    signal = new AbortController().signal,
    root = process.cwd(),
  }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; root?: string } = {},
): Promise<CommandRun> {
  let [stdout, stderr] = ['', ''];
  const terminal = {
    print: (line: string) => void (stdout += `${line}\n`),
    note: (line: string) => void (stderr += `${line}\n`),
    progress: () => {},
    finish: () => {},
  };
  const code = await runShop(args, { terminal, env, signal, root });
  return { code, stdout, stderr };
}
