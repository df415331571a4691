import type { AnswerError } from '../answer.ts';
import type { Data, Path } from '../objects.ts';
import { maxErrors, type Failure, type Run } from '../run/run.ts';
import type { Refusal } from './collect-fields.ts';

/** Faults that are kept for the log. */
const maxFaults = 100;

/** The places that a failed call leaves empty get its errors. */
interface PlacedFailure {
  readonly failure: Failure;
  readonly path: Path;
}

const separator = '\0';

function isAtOrBelow(path: Path, above: Path): boolean {
  return above.length <= path.length && above.every((step, index) => step === path[index]);
}

/** The state while one answer is written. */
export class WriteState {
  readonly run: Run;
  /** The errors that are found while the answer is written. */
  readonly errors: (AnswerError | PlacedFailure)[] = [];
  /** The place that is written now. */
  readonly path: (string | number)[] = [];
  /** True when a call failed or found nothing, so that a missing field may have a reason. */
  readonly hasFailures: boolean;
  /** The objects around the one that is written now, each with the member that leads to it. Empty without failures. */
  readonly around: { readonly object: Data; readonly member: string }[] = [];
  /** The values of `__schema` and `__type`, by response name. */
  readonly introspection: Readonly<Data>;
  readonly createRefusalError: (refusal: Refusal, path: Path) => AnswerError;
  /** The failure because of which the object that is written now becomes null. */
  failed: Failure | undefined;
  /** A field that must not be null, of an entity that does not exist. The reference to the entity becomes null. */
  gone: { readonly path: Path; readonly coordinate: string } | undefined;
  /** Errors of failed calls that another error at the same place stands for. */
  readonly #dropped = new Set<AnswerError>();
  #explained: ReadonlySet<string> | undefined;

  constructor(options: Pick<WriteState, 'run' | 'introspection' | 'createRefusalError'>) {
    this.run = options.run;
    this.hasFailures = options.run.failures !== undefined || options.run.gone !== undefined;
    this.introspection = options.introspection;
    this.createRefusalError = options.createRefusalError;
  }

  addError(error: AnswerError): void {
    if (this.errors.length < maxErrors) this.errors.push(error);
  }

  /** Reports a value that the schema does not allow, unless an error explains it. */
  addFault(coordinate: string, reason: string, path: Path = [...this.path]): void {
    if (this.isExplained(path)) return;
    if (this.run.faults.length < maxFaults) this.run.faults.push({ path, reason, coordinate });
    const detail = `The answer has ${reason} at ${coordinate}.`;
    this.addError({ message: detail, path, extensions: { code: 'INTERNAL_SERVER_ERROR', reason: detail } });
  }

  addRefusal(refusal: Refusal): void {
    if (!refusal.isSilent && this.errors.length < maxErrors)
      this.errors.push(this.createRefusalError(refusal, [...this.path]));
  }

  /** Gives the errors of a failure the place that is written now. */
  placeFailure(failure: Failure): void {
    if (this.errors.length < maxErrors) this.errors.push({ failure, path: [...this.path] });
  }

  /**
   * Finds the failure of the call that would have brought a member of the object that is written now. The call may have been for an object
   * around it: then another call has brought the rest of this one.
   */
  findFailure(object: Data, member: string): Failure | undefined {
    const { failures } = this.run;
    if (failures === undefined) return undefined;
    const find = (owner: Data, name: string) => failures.get(owner)?.find(({ fields }) => fields().has(name));
    let failure = find(object, member);
    for (let index = this.around.length - 1; failure === undefined && index >= 0; index -= 1) {
      const owner = this.around[index];
      if (owner !== undefined) failure = find(owner.object, owner.member);
    }
    return failure;
  }

  /** True when the object that is written now, or one around it, is an entity that a subgraph does not have. */
  isGone(object: Data): boolean {
    const { gone } = this.run;
    return gone !== undefined && (gone.has(object) || this.around.some((owner) => gone.has(owner.object)));
  }

  /** Drops the errors after the first ones: the object in which they are becomes null, with an error of its own. */
  dropErrors(length: number): void {
    for (const entry of this.errors.splice(length))
      if ('failure' in entry) for (const error of entry.failure.errors) this.#dropped.add(error);
  }

  /**
   * All errors of the answer. The first error of a failed call comes at all of its places, before the second one does. An error of a call
   * that left no selected field empty comes last: for example when the type of an object stays unknown.
   */
  listErrors(): readonly AnswerError[] {
    const places = new Map<Failure, Path[]>();
    for (const entry of this.errors) {
      if (!('failure' in entry)) continue;
      const known = places.get(entry.failure);
      if (known === undefined) places.set(entry.failure, [entry.path]);
      else known.push(entry.path);
    }
    const listed: AnswerError[] = [...this.run.errors];
    const open = new Set(places.keys());
    for (const entry of this.errors) {
      if (!('failure' in entry)) {
        listed.push(entry);
        continue;
      }
      if (!open.delete(entry.failure)) continue;
      for (const error of entry.failure.errors)
        for (const path of places.get(entry.failure) ?? [])
          if (listed.length < maxErrors) listed.push({ ...error, path });
    }
    if (this.run.failures !== undefined) this.#addUnplaced(listed, this.run.failures, places.keys());
    return listed;
  }

  #addUnplaced(
    listed: AnswerError[],
    failures: ReadonlyMap<Data, readonly Failure[]>,
    written: Iterable<Failure>,
  ): void {
    const placed = new Set(this.#dropped);
    for (const { errors } of written) for (const error of errors) placed.add(error);
    const covered = listed.flatMap(({ path }) => (path === undefined ? [] : [path]));
    for (const { errors, listPlaces } of new Set([...failures.values()].flat())) {
      const unplaced = errors.filter((error) => !placed.has(error));
      if (unplaced.length === 0 || listed.length >= maxErrors) continue;
      const places = listPlaces?.();
      // An error above stands for what is below.
      const path = places?.find((place) => !covered.some((above) => isAtOrBelow(place, above)));
      if (places !== undefined && path === undefined) continue;
      for (const error of unplaced) {
        placed.add(error);
        if (listed.length < maxErrors) listed.push(path === undefined ? error : { ...error, path });
      }
    }
  }

  /** True when a subgraph has reported an error at the place or below it, or one without a place. */
  isExplained(path: Path): boolean {
    const { errors } = this.run;
    if (errors.length === 0) return false;
    this.#explained ??= new Set(
      errors.flatMap(({ path: place = [] }) =>
        Array.from({ length: place.length + 1 }, (_, length) => place.slice(0, length).join(separator)),
      ),
    );
    return this.#explained.has(path.join(separator)) || errors.some((error) => error.path === undefined);
  }

  /**
   * True when a subgraph has reported an error at the place or above it. That explains a field that is missing in an object which another
   * subgraph has too.
   */
  isExplainedAbove(path: Path): boolean {
    return this.run.errors.some(({ path: place = [] }) => place.length > 0 && isAtOrBelow(path, place));
  }
}
