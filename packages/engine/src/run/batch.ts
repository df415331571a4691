import type { AnswerError, SubgraphAnswer } from '../answer.ts';
import { isObject } from '../objects.ts';
import type { FetchNode } from '../plan/plan.ts';
import { joinOperations, type BatchOperation } from './batch-operation.ts';
import {
  compileEntityFetch,
  createBodyWriter,
  entitiesField,
  type Asked,
  type BodyWriter,
  type EntityFetch,
  type FetchOptions,
  type Step,
} from './fetch.ts';
import type { Run } from './run.ts';

/** A call with the entities that it asks for. */
interface Active {
  readonly index: number;
  readonly fetch: EntityFetch;
  readonly asked: Asked;
}

/** An operation for some of the calls, compiled. */
interface Joined extends BatchOperation {
  readonly writer: BodyWriter;
}

/** Operations that are kept for one batch: each is for other calls of it. */
const maxJoined = 16;

/**
 * Compiles calls for entities that run at the same time and go to one subgraph. Those that have something to ask for are sent as one
 * operation. The result is that of separate calls: when the answer does not say to which of them a fault belongs, each is sent by itself.
 */
export function compileBatch(nodes: readonly FetchNode[], options: FetchOptions): Step {
  const fetches = nodes.map((node) => compileEntityFetch(node, options));
  const known = new Map<string, Joined | undefined>();

  function join(active: readonly Active[]): Joined | undefined {
    const key = active.map(({ index }) => index).join();
    if (known.has(key)) return known.get(key);
    const operation = joinOperations(active.map(({ index }) => nodes[index] as FetchNode));
    const joined = operation && { ...operation, writer: createBodyWriter(operation) };
    if (known.size >= maxJoined) known.clear();
    known.set(key, joined);
    return joined;
  }

  return (run) => {
    const active: Active[] = [];
    for (const [index, fetch] of fetches.entries()) {
      const asked = fetch.ask(run);
      if (asked !== undefined) active.push({ index, fetch, asked });
    }
    if (active.length === 0) return undefined;
    return active.some(({ asked }) => asked.lookup?.findShared !== undefined)
      ? sendRest(run, active)
      : send(run, active);
  };

  function send(run: Run, active: readonly Active[]): Promise<void> {
    const joined = active.length === 1 ? undefined : join(active);
    return joined === undefined ? sendEach(run, active) : sendTogether(run, active, joined);
  }

  /** Sends the calls for what a cache that takes time does not have. */
  async function sendRest(run: Run, active: readonly Active[]): Promise<void> {
    const rest = await Promise.all(
      active.map(async (call) => {
        const asked = await call.fetch.findShared(run, call.asked);
        return asked === undefined ? [] : [{ ...call, asked }];
      }),
    );
    const waiting = rest.flat();
    if (waiting.length > 0) await send(run, waiting);
  }

  async function sendTogether(run: Run, active: readonly Active[], joined: Joined): Promise<void> {
    const { operation, members, writer } = joined;
    const variables = active.map(
      ({ asked }, index) => `"${members[index]?.variable ?? ''}":[${asked.texts.join(',')}]`,
    );
    const answer = await run.call({
      service: (nodes[0] as FetchNode).service,
      operationKind: 'query',
      operation,
      body: writer.write(writer.writeVariables(run), variables.join(',')),
      entities: active.reduce((sum, { asked }) => sum + asked.texts.length, 0),
      isWhole: false,
    });
    const parts = splitAnswer(answer, joined);
    if (parts === undefined) return sendEach(run, active);
    for (const [index, { fetch, asked }] of active.entries()) fetch.receive(run, asked, parts[index] as SubgraphAnswer);
  }
}

async function sendEach(run: Run, active: readonly Active[]): Promise<void> {
  await Promise.all(active.map(({ fetch, asked }) => fetch.send(run, asked)));
}

/**
 * Makes the answers of separate calls from that of a batch.
 *
 * @returns undefined when it cannot be told: an error has no place, or the data are missing. A place that must not be null takes all data
 *   with it, also those of calls without a fault.
 */
function splitAnswer(answer: SubgraphAnswer, { members }: BatchOperation): readonly SubgraphAnswer[] | undefined {
  const { data, errors = [], isUnanswered = false } = answer;
  // Each call would have met the same.
  if (isUnanswered) return members.map(() => answer);
  if (!isObject(data)) return undefined;
  const errorsOf = new Map<unknown, AnswerError[]>(members.map(({ alias }) => [alias, []]));
  for (const error of errors) {
    const { path } = error;
    const own = Array.isArray(path) ? errorsOf.get(path[0]) : undefined;
    if (own === undefined) return undefined;
    own.push({ ...error, path: [entitiesField, ...(path as (string | number)[]).slice(1)] });
  }
  return members.map(({ alias }) => ({ data: { [entitiesField]: data[alias] }, errors: errorsOf.get(alias) }));
}
