import fc from 'fast-check';
import { EventParser, type ServerEvent } from '../src/subscription/event-parser.ts';

/** Parses a text that comes in these parts. */
function parseParts(parts: readonly string[], lastEventId?: string): ServerEvent[] {
  const parser = new EventParser(lastEventId);
  return parts.flatMap((part) => parser.parse(part));
}

const event = (data: string, type = 'message', lastEventId = ''): ServerEvent => ({ type, data, lastEventId });

test.each<[string, string, ServerEvent[]]>([
  ['the three ends of lines', 'data: a\n\ndata: b\r\n\r\ndata: c\r\r', [event('a'), event('b'), event('c')]],
  ['the name and the id', 'event: next\nid: 7\ndata: {}\n\n', [event('{}', 'next', '7')]],
  ['several lines of data as one text', 'data: a\ndata:b\ndata:  c\n\n', [event('a\nb\n c')]],
  ['comments, and fields that it does not know', ': ping\ndata: a\n:\nother: x\nother\n\n', [event('a')]],
  ['a field without a colon', 'data\ndata\n\n', [event('\n')]],
  ['data that is empty', 'event: complete\ndata:\n\n', [event('', 'complete')]],
  ['no event without data', 'event: next\n\ndata: a\n\n', [event('a')]],
  ['no event whose empty line is missing', 'data: a\n\ndata: b\n', [event('a')]],
  [
    'the id of the event before',
    'id: 1\ndata: a\n\ndata: b\n\n',
    [event('a', 'message', '1'), event('b', 'message', '1')],
  ],
  ['an empty id, which forgets', 'id: 1\ndata: a\n\nid\ndata: b\n\n', [event('a', 'message', '1'), event('b')]],
  [
    'no id with a NULL',
    'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
    [event('a', 'message', '1'), event('b', 'message', '1')],
  ],
  ['an id without an event', 'id: 9\n\ndata: a\n\n', [event('a', 'message', '9')]],
])('reads %s', (_what, text, events) => {
  expect(parseParts([text])).toEqual(events);
});

test('keeps the id of an earlier connection until the server sends one', () => {
  expect(parseParts(['data: a\n\nid: 2\ndata: b\n\n'], '1')).toEqual([
    event('a', 'message', '1'),
    event('b', 'message', '2'),
  ]);
});

test('reads the pause that the server asks for, in digits only', () => {
  const parser = new EventParser();
  parser.parse('retry: 50\nretry: 1.5\nretry: -1\nretry:\n');
  expect(parser.retryMs).toBe(50);
});

/** An event as a server may write it, with the event that it means. */
const written = fc.record({
  data: fc.array(fc.string({ unit: fc.constantFrom('a', ':', ' ', '{', '"', 'é', '😀') }), {
    minLength: 1,
    maxLength: 3,
  }),
  id: fc.option(fc.string({ unit: fc.constantFrom('1', 'x', ':'), maxLength: 3 }), { nil: undefined }),
  type: fc.constantFrom(undefined, 'next', 'complete'),
  space: fc.constantFrom('', ' '),
  comment: fc.boolean(),
});
const ends = fc.constantFrom('\n', '\r', '\r\n');

test('reads the same events wherever the text is cut, and whichever ends its lines have', () => {
  fc.assert(
    fc.property(
      fc.array(written, { maxLength: 4 }),
      fc.infiniteStream(ends),
      fc.infiniteStream(fc.nat(6)),
      (all, end, cuts) => {
        const expected: ServerEvent[] = [];
        let lastEventId = '';
        const lines = all.flatMap(({ data, id, type, space, comment }) => {
          lastEventId = id ?? lastEventId;
          // One space after the colon does not count, so a value that begins with one needs another.
          const write = (value: string) => (value.startsWith(' ') ? ` ${value}` : space + value);
          expected.push(event(data.join('\n'), type, lastEventId));
          return [
            ...(comment ? [': a comment'] : []),
            ...(type === undefined ? [] : [`event:${write(type)}`]),
            ...(id === undefined ? [] : [`id:${write(id)}`]),
            ...data.map((line) => `data:${write(line)}`),
            '',
          ];
        });
        const text = lines.map((line) => line + end.next().value).join('');
        // A lone CR before an LF would be one end, which the server did not mean.
        fc.pre(!mixesEnds(text, lines.length));
        const parts: string[] = [];
        for (let at = 0; at < text.length;) {
          const length = cuts.next().value ?? 1;
          parts.push(text.slice(at, at + length));
          at += length;
        }
        expect(parseParts(parts)).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

/** True where a CR that ends one line meets an LF that ends the next, which is empty. */
function mixesEnds(text: string, lines: number): boolean {
  return text.split(/\r\n|\n|\r/).length - 1 !== lines;
}
