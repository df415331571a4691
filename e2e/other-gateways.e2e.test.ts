import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { Login, Me, PlaceOrder, RevokeAllSessions } from '@shop/client';
import { eventually, graphqlClient, temporaryDirectory, type GraphqlClient } from '@shop/testing';
import { parse } from 'graphql';
import { hasHive, startForwardingHive, startSigningHive, startStock, type Behind } from './other-gateways/gateways.ts';
import { createGatewayEnv, startProxy, type RunningGateway } from './other-gateways/start-proxy.ts';
import {
  address,
  openSharedShop,
  password,
  placeOrder,
  registerCustomer,
  requireMember,
  type SharedShop,
  untilStatus,
} from './shop.ts';

let shop: SharedShop;
let behind: Behind;
let proxy: RunningGateway | undefined;

beforeAll(async () => {
  shop = await openSharedShop();
  const env = createGatewayEnv(shop.system);
  proxy = await startProxy(env);
  behind = { env, proxyUrl: new URL(proxy.url).origin };
});
afterAll(() => proxy?.stop());

const needsHive = hasHive ? '' : ' (skipped: the packages of examples/hive-gateway are not installed)';

describe.each([
  { name: `Hive Gateway with the plugin of the example${needsHive}`, start: startSigningHive, isSkipped: !hasHive },
  {
    name: `Hive Gateway that forwards headers to the signing proxy${needsHive}`,
    start: startForwardingHive,
    isSkipped: !hasHive,
  },
  { name: 'stock @apollo/gateway that forwards headers to the signing proxy', start: startStock, isSkipped: false },
])('$name', ({ start, isSkipped }) => {
  const check = isSkipped ? test.skip : test;
  let gateway: RunningGateway | undefined;
  let anonymous: GraphqlClient;

  beforeAll(async () => {
    if (isSkipped) return;
    gateway = await start(behind);
    anonymous = graphqlClient(gateway.url);
  });
  afterAll(() => gateway?.stop());

  /** Signs in at the gateway, beside the session that an account has already. */
  async function signIn(email: string): Promise<GraphqlClient> {
    const { login } = await anonymous.request(Login, { input: { email, password } });
    return anonymous.as(requireMember(login, 'LoginSuccess').tokens.accessToken);
  }

  check('a customer registers, signs in, places an order, and sees it RESERVED', async () => {
    const product = await shop.newProduct({ name: 'Lamp', initialStock: 5 });
    const { email } = await registerCustomer(anonymous);
    const customer = await signIn(email);
    const { order } = await placeOrder(customer, [[product, 2]]);
    await untilStatus(customer, order.id, 'RESERVED');
    expect(await shop.stockOf(product)).toEqual({ onHand: 5, reserved: 2, available: 3 });

    const { me } = await customer.request<{ me: object }>(`{
      me { email orders(first: 1) { nodes { id items { quantity product { name availableQuantity } } } } }
    }`);
    expect(me).toEqual({
      email,
      orders: { nodes: [{ id: order.id, items: [{ quantity: 2, product: { name: 'Lamp', availableQuantity: 3 } }] }] },
    });
  });

  check('an anonymous client reads the catalogue, and places no order', async () => {
    const product = await shop.newProduct({ name: 'Mug' });
    expect(await anonymous.request(`query ($id: ID!) { product(id: $id) { name } }`, { id: product })).toEqual({
      product: { name: 'Mug' },
    });
    expect(await anonymous.request(Me, {})).toEqual({ me: null });
    const input = {
      items: [{ productId: product, quantity: 1 }],
      shippingAddress: address,
      idempotencyKey: randomUUID(),
    };
    const { errors } = await anonymous.execute(PlaceOrder, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await shop.stockOf(product)).toMatchObject({ reserved: 0 });
  });

  check('customers who ask the same question at the same moment get their own answers', async () => {
    const customers = await Promise.all([1, 2, 3].map(() => registerCustomer(shop.anonymous)));
    const asked = Array.from({ length: 60 }, (_, index) => customers[index % 3]!);
    const headers = { 'x-request-id': randomUUID() };
    const answers = await Promise.all(
      asked.map(({ accessToken }) => anonymous.as(accessToken).execute(`{ me { email } }`, {}, headers)),
    );
    expect(answers.map(({ data }) => data)).toEqual(asked.map(({ email }) => ({ me: { email } })));
  });

  check('a forged access token is refused, and so is that of a session that was revoked', async () => {
    const forged = await anonymous.as('e30.e30.AAAA').execute(Me, {});
    expect(forged.data?.me ?? null).toBeNull();
    expect(forged.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);

    const { email, client: first } = await registerCustomer(shop.anonymous);
    const second = await signIn(email);
    expect((await second.request(Me, {})).me).toMatchObject({ email });
    await first.request(RevokeAllSessions, {});
    await eventually(async () => {
      const { errors } = await second.execute(Me, {});
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    });
  });
});

test('the running signing proxy follows the file of its supergraph, and takes SIGHUP for a reload', async () => {
  const folder = await temporaryDirectory();
  const file = path.join(folder.path, 'supergraph.graphql');
  const writeSupergraph = (...names: string[]): void => {
    const { supergraphSdl = '' } = composeServices(
      names.map((name) => ({ name, url: 'http://unused.invalid', typeDefs: parse(`type Query { ${name}: Int }`) })),
    );
    writeFileSync(file, supergraphSdl);
  };
  writeSupergraph('user');
  const following = await startProxy({ ...behind.env, SUPERGRAPH_FILE: file });
  try {
    const call = async (name: string) => {
      const response = await fetch(`${new URL(following.url).origin}/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
      });
      return response.status;
    };
    expect([await call('user'), await call('task')]).toEqual([200, 404]);
    process.kill(following.pid, 'SIGHUP');
    writeSupergraph('task');
    await eventually(async () => expect([await call('user'), await call('task')]).toEqual([404, 200]));
  } finally {
    await following.stop();
    await folder.remove();
  }
});
