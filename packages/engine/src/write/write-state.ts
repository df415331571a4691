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

/** The state while one answer is written. */
export class WriteState {
  readonly run: Run;
  /** The errors that are found while the answer is written. */
  readonly errors: (AnswerError | PlacedFailure)[] = [];
  /** The place that is written now. */
  readonly path: (string | number)[] = [];
  /** The values of `__schema` and `__type`, by response name. */
  readonly introspection: Readonly<Data>;
  readonly createRefusalError: (refusal: Refusal, path: Path) => AnswerError;
  /** The failure because of which the object that is written now becomes null. */
  failed: Failure | undefined;
  /** A field that must not be null, of an entity that does not exist. The reference to the entity becomes null. */
  gone: { readonly path: Path; readonly coordinate: string } | undefined;
  #explained: ReadonlySet<string> | undefined;

  constructor(options: Pick<WriteState, 'run' | 'introspection' | 'createRefusalError'>) {
    this.run = options.run;
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

  /** All errors of the answer. The first error of a failed call comes at all of its places, before the second one does. */
  listErrors(): readonly AnswerError[] {
    const places = new Map<Failure, Path[]>();
    for (const entry of this.errors) {
      if (!('failure' in entry)) continue;
      const known = places.get(entry.failure);
      if (known === undefined) places.set(entry.failure, [entry.path]);
      else known.push(entry.path);
    }
    const listed: AnswerError[] = [...this.run.errors];
    for (const entry of this.errors) {
      if (!('failure' in entry)) {
        listed.push(entry);
        continue;
      }
      for (const error of entry.failure.errors)
        for (const path of places.get(entry.failure) ?? [])
          if (listed.length < maxErrors) listed.push({ ...error, path });
      places.delete(entry.failure);
    }
    return listed.length > 0 ? listed : this.#listUnplaced();
  }

  /** The errors of failed calls that leave no selected field empty: for example when the type of an object stays unknown. */
  #listUnplaced(): readonly AnswerError[] {
    const failures = new Set([...(this.run.failures?.values() ?? [])].flat());
    return [...failures].flatMap(({ errors, findPlace }) => {
      const path = findPlace?.();
      return errors.map((error) => (path === undefined ? error : { ...error, path }));
    });
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
}
