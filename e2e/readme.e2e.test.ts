import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createShopClient, type TypedText } from '@shop/client';
import { graphqlClient, useSharedSystem } from '@shop/testing';

interface Step {
  readonly operation: string;
  /** As the README shows them: with placeholders for what earlier answers contain. */
  readonly variables: string;
}

/** The README's first hour: each `graphql` block with the `json variables` block after it. */
const steps: readonly Step[] = [
  ...readFileSync('README.md', 'utf8').matchAll(/```graphql\n([\s\S]*?)```\s+```json variables\n([\s\S]*?)```/g),
].map(([, operation = '', variables = '']) => ({ operation, variables }));

function findStep(name: string): Step {
  const step = steps.find(({ operation }) => new RegExp(`^(query|mutation|subscription) ${name}\\b`).test(operation));
  if (step === undefined) throw new Error(`The README has no operation ${name}.`);
  return step;
}

/** A document of the client preset with `documentMode: 'string'`. */
class Text extends String implements TypedText<{ orderUpdated: { status: string } }, object> {
  declare readonly __apiType?: (variables: object) => { orderUpdated: { status: string } };
}

let graphqlUrl: string;
beforeAll(async () => {
  ({ graphqlUrl } = await useSharedSystem());
});

test('the first hour has one operation for each step', () => {
  const names = steps.map(({ operation }) => /^(?:query|mutation|subscription) (\w+)/.exec(operation)?.[1]);
  expect(names).toEqual(['Register', 'Find', 'Place', 'Watch', 'Pay', 'Cancel', 'Forgot', 'Project']);
});

test('the first hour can be pasted from top to bottom', async () => {
  let client = graphqlClient(graphqlUrl);
  const known: Record<string, string> = {};
  const fill = (text: string): string =>
    text.replace(/"([A-Z]+_ID)"/g, (_, placeholder: string) => JSON.stringify(known[placeholder]));
  const run = (name: string): Promise<Record<string, unknown>> => {
    const { operation, variables } = findStep(name);
    return client.request<Record<string, unknown>>(operation, JSON.parse(fill(variables)) as object);
  };

  const registered = await run('Register');
  expect(registered).toMatchObject({ register: { __typename: 'RegisterSuccess', user: { role: 'CUSTOMER' } } });
  const { accessToken } = (registered as { register: { tokens: { accessToken: string } } }).register.tokens;
  client = client.as(accessToken);

  const { products } = (await run('Find')) as { products: { nodes: { id: string }[] } };
  known['PRODUCT_ID'] = products.nodes[0]?.id ?? '';

  const placed = await run('Place');
  expect(placed).toMatchObject({ placeOrder: { __typename: 'PlaceOrderSuccess', order: { status: 'PENDING' } } });
  known['ORDER_ID'] = (placed as { placeOrder: { order: { id: string } } }).placeOrder.order.id;

  const { operation, variables } = findStep('Watch');
  const shop = createShopClient({ url: graphqlUrl, headers: () => ({ authorization: `Bearer ${accessToken}` }) });
  const messages = shop.subscribe(new Text(operation), JSON.parse(fill(variables)) as object, {
    signal: AbortSignal.timeout(30_000),
  });
  for await (const { orderUpdated } of messages) if (orderUpdated.status === 'RESERVED') break;
  expect(await run('Pay')).toMatchObject({ payOrder: { __typename: 'PayOrderSuccess', order: { status: 'PAID' } } });
  expect(await run('Cancel')).toMatchObject({ cancelOrder: { order: { status: 'CANCELLED' } } });
  expect(await run('Forgot')).toEqual({ requestPasswordReset: { __typename: 'RequestPasswordResetSuccess' } });
  expect(await run('Project')).toMatchObject({
    createProject: { __typename: 'CreateProjectSuccess', project: { key: 'SHOP', viewerRole: 'OWNER' } },
  });
});

test('npm run demo runs the same steps with curl', async () => {
  const url = graphqlUrl.replace(/\/graphql$/, '');
  const { stdout } = await promisify(execFile)('bash', ['scripts/demo.sh'], {
    env: { ...process.env, GATEWAY_URL: url },
  });
  for (const status of ['RESERVED', 'PAID', 'CANCELLED']) expect(stdout).toContain(`"status": "${status}"`);
  expect(stdout).toMatch(/Done: .* was placed, reserved, paid and cancelled/);
  // The script shortens tokens, so that none stays in a terminal's history.
  expect(stdout).not.toMatch(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/);
});
