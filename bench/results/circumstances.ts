import os from 'node:os';

/**
 * The circumstances that the numbers depend on besides the code, as one sentence.
 *
 * @param seconds for each cell, where the time is given
 */
export function circumstances(loadBefore: number, seconds?: number): string {
  const [cpu] = os.cpus();
  const measured = seconds === undefined ? '' : `, ${seconds} s for each cell`;
  const day = new Date().toISOString().slice(0, 10);
  return (
    `Measured on ${day}: ${os.cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), Node ${process.versions.node}, ` +
    `load average ${loadBefore.toFixed(1)} before and ${(os.loadavg()[0] ?? 0).toFixed(1)} after${measured}.`
  );
}
