// @ts-check

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 100;
const LINE_MS = 15_000;

/**
 * Shows that work of minutes still runs: with a counter of seconds on a terminal, with a line every 15 s elsewhere.
 *
 * @template Result
 * @param {string} text
 * @param {{ report: (line: string) => void, terminal?: { isTTY?: boolean, write(text: string): unknown } }} output
 *   `terminal` is standard error by default, since standard output may belong to a command
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function showProgress(text, { report, terminal = process.stderr }, work) {
  const startedAt = Date.now();
  const isTerminal = terminal.isTTY === true;
  let frame = 0;
  const show = () => {
    const line = `${text} … ${Math.round((Date.now() - startedAt) / 1000)} s`;
    if (!isTerminal) report(line);
    else terminal.write(`\r${FRAMES[(frame += 1) % FRAMES.length]} ${line}`);
  };
  if (!isTerminal) report(`${text} …`);
  const timer = setInterval(show, isTerminal ? FRAME_MS : LINE_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isTerminal) terminal.write('\r\u001b[K'); // the step's own line replaces it
  }
}
