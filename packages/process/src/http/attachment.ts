/**
 * A value that is attached to objects of one kind, such as requests. The object holds it, under a key that nobody else has. A WeakMap does
 * the same, but with an entry for each request it takes a good part of the garbage collector's time.
 */
export class Attachment<Target extends object, Value> {
  readonly #key = Symbol('attachment');

  get(target: Target): Value | undefined {
    return (target as { [key: symbol]: Value | undefined })[this.#key];
  }

  /** @param value undefined takes the value away */
  set(target: Target, value: Value | undefined): void {
    (target as { [key: symbol]: Value | undefined })[this.#key] = value;
  }
}
