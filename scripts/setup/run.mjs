// @ts-check
import { spawn } from 'node:child_process';

/** A step of the set-up failed. The message is the output of its command, for the person at the terminal. */
export class StepFailed extends Error {}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);

/** Leaves signals to the program that starts after the set-up. */
export function releaseSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  for (const child of running) child.kill('SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/**
 * Runs a program of Node's in the project's root, and returns its output.
 *
 * @param {readonly string[]} args
 * @param {{ root: string, onLine?: (line: string) => void }} options
 * @throws StepFailed with all of its output
 */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ root: string, shell?: boolean, onLine?: (line: string) => void }} options `onLine` gets each line of standard output
 * @returns {Promise<string>}
 */
export function run(command, args, { root, shell = false, onLine }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    let line = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
        output += chunk;
        if (stream !== child.stdout || onLine === undefined) return;
        const lines = (line + chunk).split('\n');
        line = lines.pop() ?? '';
        lines.forEach(onLine);
      });
    }
    child.once('error', (error) => reject(new StepFailed(`${command} could not be run: ${error.message}`)));
    child.once('close', (code) => {
      running.delete(child);
      if (code === 0) resolve(output);
      else reject(new StepFailed(`${[command, ...args].join(' ')} failed:\n${output.trim()}`));
    });
  });
}
