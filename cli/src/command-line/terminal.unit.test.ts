import { Writable } from 'node:stream';
import { openTerminal } from './terminal.ts';

function recordStream(extra: object = {}) {
  let text = '';
  const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => ((text += chunk.toString()), done()) });
  return { stream: Object.assign(stream, extra), text: () => text };
}

/** A terminal as the progress library uses it. */
function recordTerminal() {
  const move = (_x: number, _y: number | null, done?: () => void) => (done?.(), true);
  return recordStream({
    isTTY: true,
    columns: 80,
    cursorTo: move,
    moveCursor: move,
    clearLine: (_direction: number, done?: () => void) => (done?.(), true),
    clearScreenDown: (done?: () => void) => (done?.(), true),
  });
}

test('draws a bar on a terminal, and writes a note on its own line', () => {
  const [out, err] = [recordStream(), recordTerminal()];
  const terminal = openTerminal(out.stream, err.stream);
  terminal.progress({ part: 0.5, text: '7 rows' });
  terminal.note('row 1: bad');
  terminal.finish();
  terminal.print('Done.');
  expect(err.text()).toContain('[============            ]  50 %  7 rows');
  expect(err.text()).toContain('row 1: bad\n');
  expect(out.text()).toBe('Done.\n');
});

test('shows a text when the end is unknown', () => {
  const err = recordTerminal();
  const terminal = openTerminal(recordStream().stream, err.stream);
  terminal.progress({ part: null, text: '100 products written' });
  terminal.finish();
  expect(err.text()).toContain('100 products written');
  expect(err.text()).not.toContain('%');
});

test('writes no progress when standard error is not a terminal', () => {
  const err = recordStream();
  const terminal = openTerminal(recordStream().stream, err.stream);
  for (let row = 1; row <= 2_000; row += 1) terminal.progress({ part: row / 2_000, text: `${row} rows` });
  terminal.note('row 1: bad');
  terminal.finish();
  expect(err.text()).toBe('row 1: bad\n');
});
