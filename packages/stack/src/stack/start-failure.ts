/**
 * One line that says why a process ended before it was ready, from its lines on standard error.
 *
 * @param lines - Either the message of a start that failed, with one mistake of the configuration on each further line, or the stack
 * trace of Node.
 */
export function describeStartFailure(name: string, lines: readonly string[], logFile: string): string {
  const [first, ...rest] = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (first === undefined) return `${name} did not start. See ${logFile}.`;
  const isStackTrace = rest.some((line) => line.startsWith('at '));
  if (isStackTrace) {
    const message = [first, ...rest].find((line) => /^(\w*Error|Uncaught)\b/.test(line)) ?? first;
    return `${name} did not start: ${message}. See ${logFile}.`;
  }
  const details = rest.length === 0 ? '' : ` ${rest.join('; ')}`;
  return `${first}${details}. See ${logFile}.`.replace(/\.\. See/, '. See');
}
