import type { AnswerError, SubgraphAnswer } from '../answer.ts';
import type { FetchLookup, KeptEntities } from '../cache.ts';
import type { SupergraphFacts } from '../facts.ts';
import { isObject, type Data, type Path } from '../objects.ts';
import type { FetchNode } from '../plan/plan.ts';
import { listFetchFields } from './fetch-fields.ts';
import type { Merge } from './merge.ts';
import { createOwnerFinder, type OwnerFinder, type PlacedOwner } from './owners.ts';
import { createRepresentationWriter } from './representations.ts';
import { createRewriter, listRenames } from './rewrites.ts';
import type { Failure, Run } from './run.ts';

export type Step = (run: Run) => Promise<void> | undefined;

/** The field of a subgraph that finds entities. */
export const entitiesField = '_entities';

export interface FetchOptions {
  readonly facts: SupergraphFacts;
  readonly merge: Merge;
  /** The client's name of a field, by its name in the data. */
  readonly toClientName: (name: string) => string;
  /** The call whose data are the answer. */
  readonly whole: FetchNode | undefined;
}

/** The parts that both forms of a call share. */
interface Shared {
  readonly node: FetchNode;
  readonly finder: OwnerFinder;
  readonly merge: Merge;
  readonly rewrite: ((data: unknown) => void) | undefined;
  readonly toClientPath: (path: Path) => Path;
  readonly fields: () => ReadonlySet<string>;
  readonly writer: BodyWriter;
}

export function compileFetch(node: FetchNode, options: FetchOptions): Step {
  if (node.requires === undefined) return compileRootFetch(createShared(node, options), node === options.whole);
  const { ask, findShared, send } = compileEntityFetch(node, options);
  return (run) => {
    const asked = ask(run);
    if (asked?.lookup?.findShared === undefined) return asked && send(run, asked);
    return findShared(run, asked).then((rest) => rest && send(run, rest));
  };
}

function createShared(node: FetchNode, { facts, merge, toClientName }: FetchOptions): Shared {
  let fields: ReadonlySet<string> | undefined;
  const renamed = listRenames(node.outputRewrites);
  return {
    node,
    finder: createOwnerFinder(node.path, facts),
    merge,
    rewrite: createRewriter(node.outputRewrites, facts),
    toClientPath: (path) =>
      path.map((step) => (typeof step === 'number' ? step : toClientName(renamed.get(step) ?? step))),
    fields: () => (fields ??= listFetchFields(node)),
    writer: createBodyWriter(node),
  };
}

/** Writes the body of a call. */
export interface BodyWriter {
  /** The variables of the request that the operation uses, as the members of a JSON object. */
  writeVariables(run: Run): string;
  /**
   * @param variables as {@link writeVariables} wrote them
   * @param more members of the variables, as JSON
   */
  write(variables: string, more: string): string;
}

/** Writes bodies with the text of an operation, and with those of its variables that the request has. */
export function createBodyWriter({
  operation,
  operationName,
  variables,
}: Pick<FetchNode, 'operation' | 'operationName' | 'variables'>): BodyWriter {
  const head = `{"query":${JSON.stringify(operation)},"variables":{`;
  const tail = operationName === undefined ? '}}' : `},"operationName":${JSON.stringify(operationName)}}`;
  const members = variables.map((name) => ({ name, text: `${JSON.stringify(name)}:` }));
  return {
    writeVariables(run) {
      let text = '';
      for (const { name, text: start } of members) {
        // A variable that was not given has its default in the text of the operation.
        if (!Object.hasOwn(run.variables, name)) continue;
        const value = JSON.stringify(run.variables[name]);
        if (value !== undefined) text += text === '' ? start + value : `,${start}${value}`;
      }
      return text;
    },
    write: (given, more) => `${head}${more}${more === '' || given === '' ? '' : ','}${given}${tail}`,
  };
}

/** A call for fields of the root: of the operation, or of a field that returns the root type. */
function compileRootFetch(shared: Shared, isWhole: boolean): Step {
  const { node, finder, merge, rewrite, writer } = shared;
  return (run) => {
    const owners = finder.find(run.data);
    if (owners.length === 0) return undefined;
    const variables = writer.writeVariables(run);
    const found = run.cache?.find({ node, variables, representations: undefined, values: run.variables });
    if (found?.data === undefined) return send(run, owners, variables, found);
    receive(run, owners, found);
    return undefined;
  };

  async function send(
    run: Run,
    owners: readonly Data[],
    variables: string,
    lookup: FetchLookup | undefined,
  ): Promise<void> {
    const found = await lookup?.findShared?.([]);
    if (found?.data !== undefined) return receive(run, owners, found);
    const { service, operationKind, operation } = node;
    const body = writer.write(variables, '');
    const answer = await run.call({
      service,
      operationKind,
      operation,
      body,
      entities: undefined,
      // A cache needs the data themselves.
      isWhole: isWhole && lookup === undefined,
    });
    if (answer.json !== undefined) {
      run.json = answer.json;
      return;
    }
    lookup?.keep(answer, []);
    receive(run, owners, answer);
  }

  function receive(run: Run, owners: readonly Data[], { data, errors }: Pick<SubgraphAnswer, 'data' | 'errors'>): void {
    const unplaced = placeErrors(run, shared, errors, (path) =>
      finder.locate(run.data).map((owner) => [...owner.path, ...path]),
    );
    if (isObject(data)) {
      rewrite?.(data);
      for (const owner of owners) merge(owner, data);
      for (const error of unplaced) run.addError(error);
      return;
    }
    const failure: Failure = { fields: shared.fields, errors: unplaced };
    for (const owner of owners) run.addFailure(owner, failure);
  }
}

/** The entities that a call asks for. */
export interface Asked {
  readonly owners: readonly Data[];
  /** The representations, each once, as JSON. */
  readonly texts: readonly string[];
  /** The position of the representation of each owner. Owners that have none get -1. */
  readonly positions: readonly number[];
  /** Keeps the entities of the answer. */
  readonly lookup?: FetchLookup | undefined;
}

/** The parts of a call for entities. */
export interface EntityFetch {
  /** Undefined when there is nothing to ask for: there are no entities, or the cache has them all. */
  ask(run: Run): Asked | undefined;
  /** Takes in what a cache that takes time has. Returns the rest; undefined when it has all. */
  findShared(run: Run, asked: Asked): Promise<Asked | undefined>;
  send(run: Run, asked: Asked): Promise<void>;
  /** Takes in the answer. */
  receive(run: Run, asked: Asked, answer: SubgraphAnswer): void;
}

export function compileEntityFetch(node: FetchNode, options: FetchOptions): EntityFetch {
  const shared = createShared(node, options);
  const { finder, merge, rewrite, writer } = shared;
  const writeRepresentation = createRepresentationWriter(node, options.facts);
  return { ask, findShared, send, receive };

  function ask(run: Run): Asked | undefined {
    const owners = finder.find(run.data);
    if (owners.length === 0) return undefined;
    const known = new Map<string, number>();
    const texts: string[] = [];
    const positions = owners.map((owner) => {
      const text = writeRepresentation(owner, run.isFailed, (object) => inheritFailure(run, shared, owner, object));
      if (text === undefined) return -1;
      const position = known.get(text);
      if (position !== undefined) return position;
      known.set(text, texts.length);
      return texts.push(text) - 1;
    });
    if (texts.length === 0) return undefined;
    const asked = { owners, texts, positions };
    return run.cache === undefined ? asked : takeKept(run, asked);
  }

  /** Takes in what the cache has. Returns the rest. */
  function takeKept(run: Run, asked: Asked): Asked | undefined {
    const { owners, texts, positions } = asked;
    const variables = writer.writeVariables(run);
    const lookup = run.cache?.find({ node, variables, representations: texts, values: run.variables });
    return lookup === undefined ? asked : takeEntities(run, { owners, texts, positions, lookup }, lookup);
  }

  async function findShared(run: Run, asked: Asked): Promise<Asked | undefined> {
    const found = await asked.lookup?.findShared?.(asked.texts);
    return found === undefined ? asked : takeEntities(run, asked, found);
  }

  /** Takes in entities for the representations. Returns the rest. */
  function takeEntities(run: Run, asked: Asked, { entities }: KeptEntities): Asked | undefined {
    const { owners, texts, positions, lookup } = asked;
    const missing = texts.filter((_, index) => entities[index] === undefined);
    if (missing.length === texts.length) return asked;
    const isKept = (position: number): boolean => position !== -1 && entities[position] !== undefined;
    const kept = positions.map((position) => (isKept(position) ? position : -1));
    receive(run, { owners, texts, positions: kept }, { data: { [entitiesField]: entities } });
    if (missing.length === 0) return undefined;
    let next = 0;
    const places = texts.map((_, index) => (entities[index] === undefined ? next++ : -1));
    const others = positions.map((position) => (position === -1 ? -1 : (places[position] as number)));
    return { owners, texts: missing, positions: others, lookup };
  }

  async function send(run: Run, asked: Asked): Promise<void> {
    const { service, operationKind, operation } = node;
    const { texts } = asked;
    const body = writer.write(writer.writeVariables(run), `"representations":[${texts.join(',')}]`);
    receive(
      run,
      asked,
      await run.call({ service, operationKind, operation, body, entities: texts.length, isWhole: false }),
    );
  }

  function receive(run: Run, { owners, texts, positions, lookup }: Asked, answer: SubgraphAnswer): void {
    const { service } = node;
    lookup?.keep(answer, texts);
    const entities = readEntities(answer, texts.length);
    let located: PlacedOwner[] | undefined;
    const unplaced = placeErrors(run, shared, answer.errors, ([first, position, ...rest]) => {
      if (first !== entitiesField || typeof position !== 'number') return undefined;
      // Calls that ran at the same time may have brought more objects.
      located ??= locateOnly(run, new Set(owners));
      return located.flatMap((owner, index) => (positions[index] === position ? [[...owner.path, ...rest]] : []));
    });

    if (entities === undefined) {
      const errors =
        unplaced.length > 0 || answer.data == null
          ? unplaced
          : [createShapeError(service, `not ${texts.length} entities`)];
      fail(run, owners, positions, errors);
      return;
    }
    if (rewrite !== undefined) for (const entity of entities) rewrite(entity);
    const failure: Failure | undefined =
      unplaced.length === 0 ? undefined : { fields: shared.fields, errors: unplaced };
    let isPlaced = false;
    for (const [index, owner] of owners.entries()) {
      const entity = entities[positions[index] as number];
      if (isObject(entity)) merge(owner, entity);
      else if (positions[index] === -1) continue;
      else if (entity !== null)
        run.addFailure(owner, { fields: shared.fields, errors: [createShapeError(service, 'no object')] });
      else if (failure === undefined) run.addGone(owner);
      else {
        run.addFailure(owner, failure);
        isPlaced = true;
      }
    }
    if (!isPlaced) for (const error of unplaced) run.addError(error);
  }

  function locateOnly(run: Run, owners: ReadonlySet<Data>): PlacedOwner[] {
    return finder.locate(run.data).filter(({ object }) => owners.has(object));
  }

  function fail(run: Run, owners: readonly Data[], positions: readonly number[], errors: readonly AnswerError[]): void {
    const failure: Failure = {
      fields: shared.fields,
      errors,
      listPlaces: () => finder.locate(run.data).map(({ path }) => shared.toClientPath(path)),
    };
    for (const [index, owner] of owners.entries()) if (positions[index] !== -1) run.addFailure(owner, failure);
  }
}

/** An entity that lacks an input of a call, because an earlier call failed, has the same failure for the fields of this one. */
function inheritFailure(run: Run, { fields }: Shared, owner: Data, lacking: Data): void {
  // A copy: the owner itself may be what lacks the input, and then the list grows.
  for (const { errors } of [...(run.failures?.get(lacking) ?? [])]) run.addFailure(owner, { fields, errors });
  if (run.gone?.has(lacking) === true) run.addGone(owner);
}

/** Undefined when the answer has no entities, or not one for each representation. */
function readEntities({ data }: SubgraphAnswer, length: number): readonly unknown[] | undefined {
  const entities = data?.[entitiesField];
  return Array.isArray(entities) && entities.length === length ? (entities as unknown[]) : undefined;
}

function createShapeError(service: string, fault: string): AnswerError {
  const reason = `The ${service} service answered: ${fault}.`;
  return { message: reason, extensions: { code: 'INTERNAL_SERVER_ERROR', reason } };
}

/**
 * Adds the errors that have a place.
 *
 * @param findPlaces the places in the data of a place in the subgraph's answer; undefined when it is none
 * @returns the other errors
 */
function placeErrors(
  run: Run,
  { toClientPath }: Shared,
  errors: readonly AnswerError[] | undefined,
  findPlaces: (path: Path) => readonly Path[] | undefined,
): readonly AnswerError[] {
  if (errors === undefined || errors.length === 0) return none;
  const unplaced: AnswerError[] = [];
  for (const error of errors) {
    const { message, extensions, path } = error;
    const kept = { message, ...(extensions === undefined ? {} : { extensions }) };
    if (path !== undefined && !isPath(path)) {
      run.addError(kept);
      continue;
    }
    const places = path === undefined || path.length === 0 ? undefined : findPlaces(path);
    if (places === undefined) unplaced.push(kept);
    else for (const place of places) run.addError({ ...kept, path: toClientPath(place) });
  }
  return unplaced;
}

const none: readonly AnswerError[] = [];

function isPath(path: unknown): path is Path {
  return (
    Array.isArray(path) &&
    path.every((step) => typeof step === 'string' || (typeof step === 'number' && Number.isSafeInteger(step)))
  );
}
