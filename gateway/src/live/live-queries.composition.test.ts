import { composeServices } from '@apollo/composition';
import { forbidden } from '@shop/access';
import { createErrorMasking } from '@shop/graphql';
import { anonymous, createLogger, type Viewer } from '@shop/process';
import { eventually } from '@shop/testing';
import { execute, GraphQLError, parse, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { EventFeed, FeedEvent, FeedListener } from '../events/event-feed.ts';
import type { EngineRequest } from '../execution/engine.ts';
import { createRevokedSessions } from '../identity/revoked-sessions.ts';
import { readSupergraph } from '../supergraph/index.ts';
import type { LiveMessage, LiveStream } from './live-stream.ts';
import { LiveQueries } from './live-queries.ts';

const typeDefs = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", 
      import: ["@key", "@authenticated", "@requiresScopes", "@composeDirective"])
    @link(url: "https://specs.shop.example/shop/v0.1", import: ["@live"])
    @composeDirective(name: "@live")
  directive @live(query: String!, events: [String!]!, argument: String, member: String, within: String, version: String) on FIELD_DEFINITION
  type Query { parcel(id: ID!): Parcel @authenticated depot(id: ID!): Depot }
  type Subscription {
    parcelMoved(id: ID!): Parcel! @authenticated
      @live(query: "parcel", argument: "id", version: "version", events: ["shop.parcel.moved.v1"])
    parcelsMoved(ids: [ID!]!): Parcel! @live(query: "parcel", argument: "ids", version: "version", events: ["shop.parcel.moved.v1"])
    depotChanged(depot: ID!): Parcel!
      @live(query: "parcel", argument: "depot", member: "depotId", within: "depot", version: "version", events: ["shop.parcel.moved.v1"])
    everyParcel: Parcel! @requiresScopes(scopes: [["parcel:read"]])
      @live(query: "parcel", version: "version", events: ["shop.parcel.moved.v1"])
    untold: Parcel!
  }
  type Depot @key(fields: "id") { id: ID! }
  type Parcel @key(fields: "id") { id: ID! place: String! version: Int! secret: String note(upper: Boolean): String owner: String }
`;
const {
  supergraphSdl,
  schema: composed,
  errors,
} = composeServices([{ name: 'parcels', url: 'http://unused.invalid', typeDefs: parse(typeDefs) }]);
if (supergraphSdl === undefined || composed === undefined) throw new Error(errors?.join('\n'));
const supergraph = readSupergraph(supergraphSdl);
const schema: GraphQLSchema = composed.toAPISchema().toGraphQLJSSchema();

interface Parcel {
  id: string;
  place: string;
  version: number;
  owner: string;
}

/** The subgraphs, and the feed of their events. */
class Scene {
  readonly parcels = new Map<string, Parcel>();
  /** The ids that were read, with the user who read them. */
  readonly reads: string[] = [];
  isAway = false;
  isPartAway = false;
  isFollowed = true;
  readonly revokedSessions = createRevokedSessions();
  readonly live: LiveQueries;
  readonly #recent: FeedEvent[] = [];
  #listener: FeedListener | undefined;
  invalidations = 0;

  constructor() {
    const feed: EventFeed = {
      listen: (listener) => {
        this.#listener = listener;
        return () => (this.#listener = undefined);
      },
      isCurrent: () => true,
      isFollowed: () => this.isFollowed,
      findStream: () => 'PARCEL',
      listAfter: ({ sequence }) => {
        const index = this.#recent.findIndex((event) => event.sequence === sequence);
        return index < 0 ? undefined : this.#recent.slice(index + 1);
      },
    };
    const logger = createLogger({ service: 'test', level: 'silent' });
    this.live = new LiveQueries({
      supergraph,
      schema,
      engine: (request) => this.#execute(request),
      feed,
      readGeneration: { invalidate: () => void (this.invalidations += 1) },
      revokedSessions: this.revokedSessions,
      masking: createErrorMasking({ logger, service: 'gateway' }),
      logger,
    });
  }

  /** Changes a parcel, and tells of it. */
  move(id: string, place: string): void {
    const version = (this.parcels.get(id)?.version ?? 0) + 1;
    this.parcels.set(id, { id, place, version, owner: 'ada' });
    const event = {
      stream: 'PARCEL',
      sequence: this.#recent.length + 1,
      type: 'shop.parcel.moved.v1',
      subject: id,
      time: new Date(1_000 + this.#recent.length),
      data: { depotId: 'north', sequence: version },
      outboxSequence: undefined,
    };
    this.#recent.push(event);
    this.#listener?.onEvent(event);
  }

  loseEvents(): void {
    this.#listener?.onGap('PARCEL');
  }

  async #execute({ document, operationName, variables, context }: EngineRequest) {
    const { userId } = context.viewer;
    const unavailable = () => new GraphQLError('away', { extensions: { code: 'SERVICE_UNAVAILABLE' } });
    const result = await execute({
      schema,
      document,
      ...(operationName === undefined ? {} : { operationName }),
      ...(variables === undefined ? {} : { variableValues: variables }),
      rootValue: {
        depot: ({ id }: { id: string }) => (id === 'north' ? { id } : null),
        parcel: ({ id }: { id: string }) => {
          this.reads.push(`${id} for ${userId ?? 'anybody'}`);
          if (this.isAway) throw unavailable();
          const parcel = this.parcels.get(id);
          if (parcel === undefined || (userId !== null && userId !== parcel.owner && userId !== 'staff')) return null;
          return {
            ...parcel,
            note: ({ upper }: { upper?: boolean }) => {
              if (this.isPartAway) throw unavailable();
              return upper === true ? parcel.place.toUpperCase() : parcel.place;
            },
            secret: () => {
              throw forbidden([['parcel:secrets']]);
            },
          };
        },
      },
    });
    return { data: JSON.stringify(result.data ?? null), errors: result.errors ?? [] };
  }
}

const viewer = (userId: string, scopes: string[] = []): Viewer => ({
  userId,
  sessionId: `session of ${userId}`,
  scopes: new Set(scopes),
});
const contextOf = (who: Viewer, expiresAt?: number): GatewayContext => ({
  viewer: who,
  expiresAt,
  requestId: 'r1',
  ip: null,
  userAgent: null,
  record: { codes: [], calls: 0, startedAt: 0, isReported: false },
});

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
  scene.parcels.set('p1', { id: 'p1', place: 'Leeds', version: 1, owner: 'ada' });
});
afterEach(() => scene.live.close('closed'));

interface Subscribing {
  readonly variables?: Record<string, unknown>;
  readonly as?: Viewer;
  readonly expiresAt?: number;
  readonly after?: string;
}

async function subscribe(query: string, { variables, as = viewer('ada'), expiresAt, after }: Subscribing = {}) {
  const prepared = await scene.live.prepare({
    document: parse(query),
    operationName: undefined,
    variables,
    context: contextOf(as, expiresAt),
  });
  return prepared.open({ after });
}

/** Notes the messages of a stream as they come. */
function follow(stream: LiveStream): {
  readonly results: unknown[];
  readonly messages: LiveMessage[];
  readonly stream: LiveStream;
} {
  const results: unknown[] = [];
  const messages: LiveMessage[] = [];
  void (async () => {
    for (let message = await stream.next(); message !== undefined; message = await stream.next()) {
      messages.push(message);
      results.push(JSON.parse(message.json));
    }
  })();
  return { results, messages, stream };
}

const one = 'subscription { parcelMoved(id: "p1") { place } }';
const at = (place: string) => ({ data: { parcelMoved: { place } } });

test('the first message is the state now, and each change is one more', async () => {
  const { results } = follow(await subscribe(one));
  await eventually(() => expect(results).toEqual([at('Leeds')]));
  scene.move('p1', 'York');
  await eventually(() => expect(results).toEqual([at('Leeds'), at('York')]));
  scene.move('p2', 'Hull');
  scene.move('p1', 'Whitby');
  await eventually(() => expect(results).toEqual([at('Leeds'), at('York'), at('Whitby')]));
  // Reads that were sent before an event must not be joined.
  expect(scene.invalidations).toBe(3);
});

test.each([
  {
    how: 'variables, an alias and fragments, also at the root',
    query: `
      subscription Follow($id: ID!, $upper: Boolean, $with: Boolean = false) { ...Root }
      fragment Root on Subscription { p: parcelMoved(id: $id) { ...Place note(upper: $upper) owner @include(if: $with) } }
      fragment Place on Parcel { place live_version: version }`,
    variables: { id: 'P1', upper: true },
    data: { p: { place: 'Leeds', live_version: 1, note: 'LEEDS' } },
  },
  {
    how: 'one field in two parts',
    query: 'subscription { parcelMoved(id: "p1") { place } parcelMoved(id: "p1") { id __typename } }',
    variables: {},
    data: { parcelMoved: { place: 'Leeds', id: 'p1', __typename: 'Parcel' } },
  },
  {
    how: 'nothing that is included',
    query: 'subscription { parcelMoved(id: "p1") { place @skip(if: true) } }',
    variables: {},
    data: { parcelMoved: {} },
  },
])('a subscription selects as a query does: $how', async ({ query, variables, data }) => {
  const { results } = follow(await subscribe(query, { variables }));
  await eventually(() => expect(results).toEqual([{ data }]));
});

test('equal subscriptions of a viewer are read once for each change, and those of others for themselves', async () => {
  const streams: ReturnType<typeof follow>[] = [];
  for (let index = 0; index < 5; index += 1) streams.push(follow(await subscribe(one)));
  const staff = follow(await subscribe(one, { as: viewer('staff') }));
  await eventually(() => expect([...streams, staff].map(({ results }) => results.length)).toEqual([1, 1, 1, 1, 1, 1]));
  scene.reads.length = 0;
  scene.move('p1', 'York');
  await eventually(() => expect([...streams, staff].map(({ results }) => results.length)).toEqual([2, 2, 2, 2, 2, 2]));
  expect([...scene.reads].sort()).toEqual(['p1 for ada', 'p1 for staff']);
});

test.each([
  { how: 'nobody who must sign in', query: one, as: anonymous, code: 'UNAUTHENTICATED' },
  {
    how: 'nobody without the scope',
    query: 'subscription { everyParcel { place } }',
    as: viewer('ada'),
    code: 'FORBIDDEN',
  },
  {
    how: 'no field without a source',
    query: 'subscription { untold { place } }',
    as: viewer('ada'),
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    how: 'no field that may be skipped',
    query: 'subscription { parcelMoved(id: "p1") @skip(if: false) { place } }',
    as: viewer('ada'),
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    how: 'no set that the viewer cannot see',
    query: 'subscription { depotChanged(depot: "south") { place } }',
    as: viewer('ada'),
    code: 'NOT_FOUND',
  },
  {
    how: 'not more than 100 objects',
    query: `subscription { parcelsMoved(ids: ${JSON.stringify(Array.from({ length: 101 }, (_, n) => `p${n}`))}) { place } }`,
    as: viewer('ada'),
    code: 'BAD_USER_INPUT',
  },
  {
    how: 'no missing variable',
    query: 'subscription ($id: ID!) { parcelMoved(id: $id) { place } }',
    as: viewer('ada'),
    code: 'BAD_USER_INPUT',
  },
])('$how is served', async ({ query, as, code }) => {
  await expect(subscribe(query, { as })).rejects.toMatchObject({ extensions: { code } });
  expect(scene.live.size).toBe(0);
});

test('an object that the viewer may not see ends the stream with an error that does not tell whether it exists', async () => {
  for (const query of [one, one.replace('p1', 'p9')]) {
    const { results, stream } = follow(await subscribe(query, { as: viewer('eve') }));
    const error = {
      message: 'There is no Parcel with this id, or you may not see it.',
      path: ['parcelMoved'],
      extensions: { code: 'NOT_FOUND' },
    };
    await eventually(() => expect([results, stream.ending]).toEqual([[{ data: null, errors: [error] }], 'complete']));
  }
});

test('of several objects, those that the viewer may not see send nothing, and the others their state', async () => {
  scene.parcels.set('p2', { id: 'p2', place: 'Hull', version: 1, owner: 'eve' });
  const { results } = follow(await subscribe('subscription { parcelsMoved(ids: ["p1", "p2", "p3"]) { place } }'));
  await eventually(() => expect([scene.reads.length, results.length]).toEqual([3, 1]));
  scene.move('p1', 'York');
  const of = (place: string) => ({ data: { parcelsMoved: { place } } });
  await eventually(() => expect(results).toEqual([of('Leeds'), of('York')]));
});

test('a set sends what changes from now on, and only what the viewer may see', async () => {
  const depot = follow(await subscribe('subscription { depotChanged(depot: "north") { id } }'));
  const every = follow(
    await subscribe('subscription { everyParcel { id } }', { as: viewer('staff', ['parcel:read']) }),
  );
  const eve = follow(await subscribe('subscription { depotChanged(depot: "north") { id } }', { as: viewer('eve') }));
  scene.move('p1', 'York');
  scene.move('p2', 'Hull');
  await eventually(() => expect(depot.results).toEqual(['p1', 'p2'].map((id) => ({ data: { depotChanged: { id } } }))));
  await eventually(() => expect(every.results).toEqual(['p1', 'p2'].map((id) => ({ data: { everyParcel: { id } } }))));
  await eventually(() => expect(scene.reads.filter((read) => read.endsWith('eve'))).toHaveLength(2));
  expect(eve.results).toEqual([]);
});

test('a service that is away is asked again, and the state comes when it is back', async () => {
  scene.isAway = true;
  const { results } = follow(await subscribe(one));
  await eventually(() => expect(scene.reads.length).toBeGreaterThan(1));
  expect(results).toEqual([]);
  scene.isAway = false;
  await eventually(() => expect(results).toEqual([at('Leeds')]));
});

test('a part that is missing is sent with its error, and again when it is there', async () => {
  scene.isPartAway = true;
  const { results } = follow(await subscribe('subscription { parcelMoved(id: "p1") { place note } }'));
  const error = { message: 'away', path: ['parcelMoved', 'note'], extensions: { code: 'SERVICE_UNAVAILABLE' } };
  await eventually(() =>
    expect(results).toEqual([
      { errors: [expect.objectContaining(error)], data: { parcelMoved: { place: 'Leeds', note: null } } },
    ]),
  );
  scene.isPartAway = false;
  await eventually(() => expect(results.at(-1)).toEqual({ data: { parcelMoved: { place: 'Leeds', note: 'Leeds' } } }));
});

test('a field that the viewer may not have is null with its error, and is not asked for again', async () => {
  const { results } = follow(await subscribe('subscription { parcelMoved(id: "p1") { place secret } }'));
  await eventually(() => expect(results).toHaveLength(1));
  expect(results[0]).toMatchObject({
    data: { parcelMoved: { place: 'Leeds', secret: null } },
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
  scene.move('p1', 'York');
  await eventually(() => expect(results).toHaveLength(2));
  expect(scene.reads).toHaveLength(2);
});

test('a stream ends when the token of its viewer expires, and when the session is revoked', async () => {
  const kept = await subscribe(one, { as: viewer('staff') });
  const expired = await subscribe(one, { expiresAt: Date.now() + 50 });
  const other = { ...viewer('ada'), sessionId: 'another session' };
  const revoked = await subscribe(one, { as: other, expiresAt: Date.now() + 600_000 });
  scene.revokedSessions.add(['another session'], new Date());
  await eventually(() => expect([expired.ending, revoked.ending]).toEqual(['unauthenticated', 'unauthenticated']));
  expect([await expired.next(), kept.ending, scene.live.size]).toEqual([undefined, undefined, 1]);
});

test('after events were lost, objects are read again, and sets tell their subscribers', async () => {
  const single = follow(await subscribe(one));
  const depot = follow(await subscribe('subscription { depotChanged(depot: "north") { id } }'));
  await eventually(() => expect(single.results).toHaveLength(1));
  scene.parcels.set('p1', { id: 'p1', place: 'Unheard', version: 5, owner: 'ada' });
  scene.loseEvents();
  await eventually(() => expect(single.results.at(-1)).toEqual(at('Unheard')));
  await eventually(() =>
    expect(depot.results).toMatchObject([{ data: null, errors: [{ extensions: { code: 'EVENTS_MISSED' } }] }]),
  );
});

test('a client that comes back gets what came after its last message, and nothing twice', async () => {
  const first = follow(await subscribe(one));
  await eventually(() => expect(first.messages).toHaveLength(1));
  const [{ position }] = first.messages as [LiveMessage];
  const again = follow(await subscribe(one, { after: position }));
  await eventually(() => expect(scene.reads).toHaveLength(2));
  scene.move('p1', 'York');
  await eventually(() => expect(again.results).toEqual([at('York')]));
  const missed = follow(await subscribe(one, { after: position }));
  await eventually(() => expect(missed.results).toEqual([at('York')]));

  const everyone = { as: viewer('staff', ['parcel:read']) };
  const every = 'subscription { everyParcel { id place } }';
  const set = follow(await subscribe(every, everyone));
  scene.move('p1', 'Hull');
  await eventually(() => expect(set.messages).toHaveLength(1));
  scene.move('p2', 'Leeds');
  scene.move('p3', 'Whitby');
  const back = follow(await subscribe(every, { ...everyone, after: set.messages[0]?.position ?? '' }));
  const read = (results: unknown[]) =>
    results.map((result) => (result as { data: { everyParcel: Parcel } }).data.everyParcel.id).sort();
  await eventually(() => expect(read(back.results)).toEqual(['p2', 'p3']));
  const lost = follow(await subscribe(every, { ...everyone, after: 'PARCEL:99:1' }));
  await eventually(() => expect(lost.results).toMatchObject([{ errors: [{ extensions: { code: 'EVENTS_MISSED' } }] }]));
});

test('a client that does not read gets the newest state of each object, and is ended when too many objects wait', async () => {
  const slow = await subscribe(one);
  await eventually(() => expect(scene.reads).toHaveLength(1));
  for (const place of ['York', 'Hull', 'Whitby']) {
    const before = scene.reads.length;
    scene.move('p1', place);
    await eventually(() => expect(scene.reads.length).toBeGreaterThan(before));
  }
  await eventually(async () => expect(JSON.parse((await slow.next())?.json ?? '')).toEqual(at('Whitby')));

  const every = await subscribe('subscription { everyParcel { id } }', { as: viewer('staff', ['parcel:read']) });
  for (let number = 0; number <= 1_000; number += 1) scene.move(`n${number}`, 'Leeds');
  await eventually(() => expect(every.ending).toBe('slow'));
});

test('a stream of events that is not followed is told', () => {
  expect(scene.live.listLagging()).toEqual([]);
  scene.isFollowed = false;
  expect(scene.live.listLagging()).toEqual(['PARCEL']);
});

test('closing ends each stream, and nothing is read after that', async () => {
  const stream = await subscribe(one);
  await eventually(() => expect(scene.reads).toHaveLength(1));
  scene.live.close('restart');
  expect([stream.ending, await stream.next(), scene.live.size]).toEqual(['restart', undefined, 0]);
  scene.move('p1', 'York');
  expect(scene.reads).toHaveLength(1);
});

test('the schema of a subgraph that names what does not exist is refused', () => {
  const change = (from: string, to: string) => () => readSupergraph(supergraphSdl.replaceAll(from, to));
  expect(change('query: "parcel"', 'query: "letter"')).toThrow(
    'Subscription.parcelMoved has @live, and there is no query letter(id:). Correct the schema of its subgraph.',
  );
  expect(change('version: "version"', 'version: "edition"')).toThrow('Parcel has no field edition');
  expect(change('argument: "depot"', 'argument: "place"')).toThrow('the field has no argument place');
  expect(change('query: "parcel"', 'query: "depot"')).toThrow('the query depot returns another type');
});
