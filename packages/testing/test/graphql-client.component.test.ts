import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphqlClient } from '../src/graphql-client.ts';
import { splitStack } from '../src/stack-frames.ts';

let body: string;
const server = createServer((_request, response) => {
  response.writeHead(401, { 'x-request-id': 'request-0001' }).end(body);
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const client = () => graphqlClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

test.each([
  ['has errors', '{"errors":[{"message":"No."}]}', 'The answer has errors: status 401, request id request-0001'],
  ['is not JSON', '<html>', 'answered without JSON: status 401, request id request-0001'],
])(
  'an answer that %s throws the operation, the variables, the request id and the answer',
  async (_what, text, message) => {
    body = text;
    const error = await client()
      .request('query Me { me { id } }', { first: 3 })
      .then(
        () => new Error('nothing was thrown'),
        (thrown: Error) => thrown,
      );
    for (const part of [message, 'query Me { me { id } }', '"first": 3', text]) expect(error.message).toContain(part);
    expect(splitStack(error).frames.find((frame) => !frame.includes('node:'))).toContain(
      'graphql-client.component.test.ts',
    );
  },
);

test('an expected error is returned with its status', async () => {
  body = '{"data":null,"errors":[{"message":"No."}]}';
  expect(await client().execute('{ me { id } }')).toEqual({ status: 401, data: null, errors: [{ message: 'No.' }] });
});
