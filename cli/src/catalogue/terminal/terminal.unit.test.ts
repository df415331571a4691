import { Writable } from 'node:stream';
import { barOf, openTerminal } from './terminal.ts';

function recording(extra: object = {}) {
  let text = '';
  const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => ((text += chunk.toString()), done()) });
  return { stream: Object.assign(stream, extra), text: () => text };
}

test('a bar', () => {
  expect(barOf({ part: 0.5, done: 1, text: 'x' })).toBe('[============            ]  50 %  x');
  expect(barOf({ part: 2, done: 1, text: 'x' })).toContain('='.repeat(24));
  expect(barOf({ part: null, done: 7, text: 'x' })).toBe('7 rows  x');
});

test('on a terminal the bar is drawn, and taken away for a line', () => {
  const err = recording({ isTTY: true, columns: 20 });
  const terminal = openTerminal(recording().stream, err.stream);
  terminal.progress({ part: 0, done: 1, text: 'x' });
  terminal.line('row 1: bad');
  terminal.finish();
  expect(err.text()).toBe('[                  \r\u001b[Krow 1: bad\n');
});

test('elsewhere there is a line for each thousand', () => {
  const err = recording();
  const terminal = openTerminal(recording().stream, err.stream);
  for (let done = 1; done <= 2_000; done += 1) terminal.progress({ part: 0, done, text: 'x' });
  terminal.finish();
  expect(err.text()).toBe('1000 rows: x\n2000 rows: x\n');
});
