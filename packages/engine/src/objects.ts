/** An object of an answer, as `JSON.parse` makes it. */
export type Data = Record<string, unknown>;

/** A place in the data, by response names and positions in lists. */
export type Path = readonly (string | number)[];

/** Names that objects inherit. A response name may be one of them. */
const inherited = (name: string): boolean => name in Object.prototype;

/** Returns a function that reads an own member of objects. */
export function readerOf(name: string): (object: Data) => unknown {
  return inherited(name)
    ? (object) => (Object.hasOwn(object, name) ? object[name] : undefined)
    : (object) => object[name];
}

/** Sets an own member. A plain assignment to `__proto__` would not make a member of it. */
export function setMember(object: Data, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

export function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
