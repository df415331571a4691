import { anonymous, createLogger } from '@shop/process';
import { startSubgraph, type RunningSubgraph, type SubgraphRequest } from './start-subgraph.ts';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { notes: [Note!]! note: Note words: [String!]! maybe: Note now: Note }
  type Note @key(fields: "id") { id: ID! text: String! maybe: String short: String! count: Int! later: String! parts: [Note!]! }
`;

const maxAnswerBytes = 100_000;
const lines: Record<string, unknown>[] = [];
const logger = createLogger({
  service: 'note',
  destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
});
/** How often a text was resolved. */
let resolved = 0;
const long = 'x'.repeat(1_000);
const notes = Array.from({ length: 100 }, (_, index) => ({ id: `${index}`, count: index }));
let subgraph: RunningSubgraph;

beforeAll(async () => {
  const text = () => {
    resolved += 1;
    return long;
  };
  subgraph = await startSubgraph<SubgraphRequest>({
    name: 'note',
    host: '127.0.0.1',
    port: 0,
    logger,
    typeDefs,
    maxAnswerBytes,
    resolvers: {
      Query: {
        notes: () => notes,
        note: async () => notes[0],
        words: () => Array<string>(2_000).fill('word'.repeat(20)),
      },
      Note: { short: () => 'y'.repeat(30), text, maybe: text, later: async () => text(), parts: async () => notes },
    },
    verifyToken: async () => anonymous,
    createContext: (request) => request,
    readiness: {},
  });
});
beforeEach(() => {
  [resolved, lines.length] = [0, 0];
});
afterAll(() => subgraph.close());

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly unknown[];
}

async function ask(query: string, variables: object = {}): Promise<{ answer: Answer; bytes: number }> {
  const response = await fetch(`${subgraph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-internal-token': 'any', 'x-request-id': 'request-0001' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  expect(response.status).toBe(200);
  return { answer: JSON.parse(text) as Answer, bytes: text.length };
}

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `alias${index}: ${field}`).join(' ');

const refused = {
  data: null,
  errors: [
    {
      message:
        'The answer of the note service would have more than 100000 bytes. ' +
        'Ask for less: smaller pages, fewer fields, or fewer aliases.',
      extensions: { code: 'RESPONSE_SIZE_LIMIT_EXCEEDED', limit: maxAnswerBytes },
    },
  ],
};

/** Operations, and how many texts may be resolved for them. A text that is there counts 1,000 bytes, another one 32 for now. */
const shapes: [string, string, number][] = [
  ['aliases of a long text', `{ notes { ${aliases(9, 'text')} } }`, 100],
  ['aliases of a long text that can be null', `{ notes { ${aliases(9, 'maybe')} } }`, 100],
  ['aliases of a long text that is resolved later', `{ notes { ${aliases(50, 'later')} } }`, 3_200],
  ['aliases of a root field', `{ ${aliases(200, 'note { text }')} }`, 100],
  ['texts of lists in lists, some of them later', '{ notes { parts { text later maybe } text } }', 100],
  ['aliases of a short text', `{ notes { ${aliases(28, 'short')} } }`, 0],
  ['aliases of a number', `{ notes { ${aliases(900, 'count')} } }`, 0],
  ['aliases of the name of a type', `{ notes { ${aliases(900, '__typename')} } }`, 0],
  [
    'aliases of it in fragments',
    `{ notes { ...F } } fragment F on Note { ... on Note { ${aliases(900, '__typename')} } }`,
    0,
  ],
  ['many objects', '{ notes { parts { parts { id } } } }', 0],
  ['a long list of texts', '{ words }', 0],
];

test.each(shapes)(
  '%s that make the answer too large are refused with one error',
  async (_name, query, mostResolved) => {
    expect((await ask(query)).answer).toEqual(refused);
    expect(resolved).toBeLessThanOrEqual(mostResolved);
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'an answer was too large', requestId: 'request-0001' }),
    ]);
  },
);

test('entities are counted', async () => {
  const representations = Array.from({ length: 200 }, (_, index) => ({ __typename: 'Note', id: `${index}` }));
  const query =
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Note { text } } }';
  expect((await ask(query, { representations })).answer).toEqual(refused);
  expect((await ask(query, { representations: representations.slice(0, 90) })).answer.errors).toBeUndefined();
});

test('an answer just below the limit is complete', async () => {
  const { answer, bytes } = await ask(`{ note { ${aliases(97, 'text')} } }`);
  expect(answer.errors).toBeUndefined();
  expect(bytes).toBeGreaterThan(0.95 * maxAnswerBytes);
  expect(bytes).toBeLessThan(maxAnswerBytes);
});
