import { spawn } from 'node:child_process';

/** The command failed; `message` is its output, for the person at the terminal. */
export class StepFailed extends Error {}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);

/** From now on signals are the business of what is started after the set-up. */
export function releaseSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
}

function stop(signal) {
  for (const child of running) child.kill('SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/**
 * Runs a program of Node's in the project's root and returns its output.
 *
 * @throws StepFailed with all of its output.
 */
export function runNode(args, { root, env = {} }) {
  return run(process.execPath, args, { root, env });
}

export function run(command, args, { root, env = {}, shell = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.once('error', (error) => reject(new StepFailed(`${command} could not be run: ${error.message}`)));
    child.once('close', (code) => {
      running.delete(child);
      if (code === 0) resolve(output);
      else reject(new StepFailed(`${[command, ...args].join(' ')} failed:\n${output.trim()}`));
    });
  });
}
