import { once } from 'node:events';
import { spawnProgram } from '../gateway/start-program.ts';

/**
 * Runs a program of a peer to its end. Lines that begin with two spaces are its progress and are printed.
 *
 * @throws Error with the end of its output when it fails
 */
export async function runProgram(
  command: readonly string[],
  { directory, env }: { directory: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const child = spawnProgram(command, directory, env);
  let output = '';
  const keep = (chunk: Buffer): void => {
    const text = chunk.toString();
    output = (output + text).slice(-2_000);
    for (const line of text.split('\n')) if (line.startsWith('  ')) console.log(line);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}. Its output: ${output}`);
}
