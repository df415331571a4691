import { AnswerParser, type AnswerSink } from './answer-parser.ts';

interface Read {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** True when the body came in one piece that was known to be the whole one. */
  isWhole: boolean;
  isDone: boolean;
  keepAliveMs: number;
}

/** Reads an answer that comes in these parts. */
function read(parts: readonly string[], { isEnded = false } = {}): Read {
  const parser = new AnswerParser(() => undefined);
  const result: Read = { status: 0, headers: {}, body: '', isWhole: false, isDone: false, keepAliveMs: NaN };
  parser.start({
    onHead: (status, headers) => Object.assign(result, { status, headers: Object.fromEntries(headers) }),
    onBody: (part, isWhole) => {
      if (isWhole) expect(result.body).toBe('');
      result.body += part.toString('latin1');
      result.isWhole = isWhole;
    },
  });
  // The memory of a part is used again, as a connection does it.
  const memory = Buffer.alloc(64 * 1024);
  for (const part of parts) parser.read(memory.subarray(0, memory.write(part, 'latin1')));
  if (isEnded) parser.readEnd();
  return { ...result, isDone: parser.isDone, keepAliveMs: parser.keepAliveMs };
}

const lines = (...all: string[]): string => all.join('\r\n');
const ok = 'HTTP/1.1 200 OK';

const answers: [string, string, Partial<Read>][] = [
  [
    'a known length',
    lines(ok, 'Content-Length: 5', '', 'hello'),
    { body: 'hello', isWhole: true, keepAliveMs: Infinity },
  ],
  ['no body', lines(ok, 'content-length: 0', '', ''), { body: '', isWhole: false }],
  ['status 204', lines('HTTP/1.1 204 No Content', '', ''), { status: 204, body: '' }],
  [
    'status 304, whose length is that of another answer',
    lines('HTTP/1.1 304 X', 'content-length: 9', '', ''),
    { status: 304 },
  ],
  ['no reason', lines('HTTP/1.1 500', 'content-length: 1', '', 'x'), { status: 500, body: 'x' }],
  [
    'chunks with an extension and a trailer',
    lines(ok, 'Transfer-Encoding: Chunked', '', '3;a=b', 'abc', 'A', '0123456789', '0', 'x: y', '', ''),
    { body: 'abc0123456789', isWhole: false },
  ],
  ['no chunk', lines(ok, 'transfer-encoding: chunked', '', '0', '', ''), { body: '' }],
  [
    'hints before it',
    lines('HTTP/1.1 103 Early Hints', 'a: b', '', 'HTTP/1.1 100 Continue', '', ok, 'content-length: 1', '', 'x'),
    { body: 'x', headers: { 'content-length': '1' } },
  ],
  [
    'headers with spaces, without a value, and twice',
    lines(ok, 'A:\t b c \t', 'empty:', 'Twice: 1', 'twice: 2', 'bytes: \xe9', 'content-length: 0', '', ''),
    { headers: { a: 'b c', empty: '', twice: '1, 2', bytes: '\xe9', 'content-length': '0' } },
  ],
  [
    'a time to keep the connection',
    lines(ok, 'Keep-Alive: max=9, timeout=72', 'content-length: 0', '', ''),
    { keepAliveMs: 72_000 },
  ],
  ['an end of the connection', lines(ok, 'connection: x , Close', 'content-length: 0', '', ''), { keepAliveMs: 0 }],
  ['the old version', lines('HTTP/1.0 200 OK', 'content-length: 0', '', ''), { keepAliveMs: 0 }],
  [
    'the old version and a kept connection',
    lines('HTTP/1.0 200 OK', 'connection: keep-alive', 'content-length: 0', '', ''),
    { keepAliveMs: Infinity },
  ],
];

test.each(answers)('reads an answer with %s, wherever it is split', (_what, text, expected) => {
  const atOnce = read([text]);
  expect(atOnce).toMatchObject({ status: 200, isDone: true, ...expected });
  for (let at = 1; at < text.length; at += 1)
    expect(read([text.slice(0, at), text.slice(at)])).toMatchObject({ ...atOnce, isWhole: expect.any(Boolean) });
  expect(read([...text])).toMatchObject({ ...atOnce, isWhole: expect.any(Boolean) });
});

test('a body without a length ends with the connection', () => {
  const text = lines(ok, '', 'all that comes');
  expect(read([text])).toMatchObject({ body: 'all that comes', isDone: false });
  expect(read([text], { isEnded: true })).toMatchObject({ body: 'all that comes', isDone: true, keepAliveMs: 0 });
});

test.each([
  ['its head', lines(ok, 'content-le')],
  ['a body of known length', lines(ok, 'content-length: 5', '', 'hell')],
  ['a chunk', lines(ok, 'transfer-encoding: chunked', '', '5', 'hell')],
  ['the last chunk', lines(ok, 'transfer-encoding: chunked', '', '1', 'x', '')],
  ['its trailer', lines(ok, 'transfer-encoding: chunked', '', '0', '')],
])('an answer that ends within %s is not complete', (_what, text) => {
  expect(read([text], { isEnded: true }).isDone).toBe(false);
});

test.each([
  ['no HTTP', 'SSH-2.0-x\r\n\r\n', 'status line'],
  ['another version', lines('HTTP/2 200', '', ''), 'status line'],
  ['a status of two digits', lines('HTTP/1.1 20 OK', '', ''), 'status line'],
  ['another protocol', lines('HTTP/1.1 101 Switching Protocols', '', ''), 'protocol'],
  ['a header without a name', lines(ok, ': x', '', ''), 'header'],
  ['a space before the colon', lines(ok, 'content-length : 5', '', 'hello'), 'header'],
  ['a header that goes on in the next line', lines(ok, 'a: b', ' c', '', ''), 'header'],
  ['a line that ends with a line feed only', lines(ok, 'a: b\ncontent-length: 5', '', 'hello'), 'header'],
  ['a zero byte', lines(ok, 'a: b\0', '', ''), 'header'],
  ['two lengths', lines(ok, 'content-length: 5', 'content-length: 5', '', 'hello'), 'length'],
  ['a negative length', lines(ok, 'content-length: -5', '', 'hello'), 'length'],
  ['a length in hex', lines(ok, 'content-length: 0x5', '', 'hello'), 'length'],
  ['a length and chunks', lines(ok, 'content-length: 5', 'transfer-encoding: chunked', '', '0', '', ''), 'two lengths'],
  ['another coding', lines(ok, 'transfer-encoding: gzip, chunked', '', ''), 'coding'],
  ['a chunk without a size', lines(ok, 'transfer-encoding: chunked', '', '', ''), 'size'],
  ['a chunk with a sign', lines(ok, 'transfer-encoding: chunked', '', '+5', 'hello', '0', '', ''), 'size'],
  [
    'a chunk that is longer than it says',
    lines(ok, 'transfer-encoding: chunked', '', '4', 'hello', '0', '', ''),
    'longer',
  ],
  ['more than the answer', lines(ok, 'content-length: 5', '', 'hello!'), 'more'],
  ['an endless head', lines(ok, `a: ${'x'.repeat(17 * 1024)}`), 'too long'],
  ['a head that is too long', lines(ok, `a: ${'x'.repeat(17 * 1024)}`, 'content-length: 0', '', ''), 'too long'],
  ['an endless size of a chunk', lines(ok, 'transfer-encoding: chunked', '', `5;${'x'.repeat(5_000)}`), 'too long'],
])('refuses an answer with %s, also when it comes slowly', (_what, text, reason) => {
  expect(() => read([text])).toThrow(reason);
  expect(() => read([...text])).toThrow(reason);
});

test('reads one answer after the other, wherever they are split', () => {
  const all = ['first', 'second', 'third'];
  const text = all.map((body) => lines(ok, `content-length: ${body.length}`, '', body)).join('');
  for (let at = 0; at <= text.length; at += 1) {
    const bodies = ['', '', ''];
    let place = -1;
    const next = () => {
      place += 1;
      const mine = place;
      return mine === all.length
        ? undefined
        : { onHead: () => {}, onBody: (part: Buffer) => void (bodies[mine] += part.toString()) };
    };
    const parser = new AnswerParser(next);
    parser.start(next() as AnswerSink);
    for (const part of [text.slice(0, at), text.slice(at)]) parser.read(Buffer.from(part));
    expect([bodies, parser.isDone]).toEqual([all, true]);
    expect(() => parser.read(Buffer.from('x'))).toThrow('more than its answer');
  }
});

test.each([
  ['', 1],
  ['keep-alive: timeout=72, pipelining=16\r\n', 16],
  ['Keep-Alive: Pipelining=2\r\n', 2],
  ['keep-alive: pipelining=0\r\n', 1],
  ['keep-alive: pipelining=-4\r\n', 1],
  ['keep-alive: pipelining=1000000\r\n', 1],
  ['keep-alive: nopipelining=4\r\n', 1],
  ['pipelining: 4\r\n', 1],
])('reads from %j how many requests the server takes at a time', (header, expected) => {
  const parser = new AnswerParser(() => undefined);
  expect(parser.pipelining).toBe(undefined);
  parser.start({ onHead: () => {}, onBody: () => {} });
  parser.read(Buffer.from(`${ok}\r\n${header}content-length: 0\r\n\r\n`));
  expect(parser.pipelining).toBe(expected);
});
