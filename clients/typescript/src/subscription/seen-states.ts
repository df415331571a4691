interface Seen {
  readonly text: string;
  readonly versions: Readonly<Record<string, number>>;
}

/** Objects whose last state is kept. */
const maxObjects = 1_000;

/** Fields of the graph that grow with each change of an object. */
const versionFields = ['version', 'stockVersion'];

/**
 * Remembers the last state of each object, so that a new connection shows no state a second time and none that is older.
 * Objects are told apart by the field `id`. Within a connection, the server sends states in their order.
 */
export class SeenStates {
  readonly #byId = new Map<string, Seen>();
  /** The objects that the current connection has shown. */
  readonly #shown = new Set<string>();
  #last: { readonly text: string; readonly eventId: string } | undefined;
  #isFirst = false;

  /** Called for each new connection. */
  begin(): void {
    this.#shown.clear();
    this.#isFirst = true;
  }

  /** True for a state that is new. It then counts as seen. */
  isNew(text: string, eventId: string, data: unknown): boolean {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const object = findObject(data);
    const id = object?.['id'];
    if (object === undefined || typeof id !== 'string') {
      const isRepeated = isFirst && text === this.#last?.text && eventId === this.#last.eventId;
      this.#last = { text, eventId };
      return !isRepeated;
    }
    const state: Seen = { text, versions: readVersions(object) };
    const before = this.#byId.get(id);
    if (before !== undefined && !this.#shown.has(id)) {
      if (isOlder(state, before)) return false;
      this.#shown.add(id);
      if (state.text === before.text) return false;
    }
    this.#shown.add(id);
    this.#byId.delete(id);
    this.#byId.set(id, state);
    if (this.#byId.size > maxObjects) this.#byId.delete(this.#byId.keys().next().value as string);
    return true;
  }
}

function isOlder({ versions }: Seen, before: Seen): boolean {
  return Object.entries(versions).some(([name, version]) => version < (before.versions[name] ?? version));
}

function readVersions(object: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    versionFields.flatMap((name) => (typeof object[name] === 'number' ? [[name, object[name]]] : [])),
  );
}

/** The object of the message: the value of its only root field. */
function findObject(data: unknown): Readonly<Record<string, unknown>> | undefined {
  const [value] = Object.values((data ?? {}) as object);
  return typeof value === 'object' && value !== null ? value : undefined;
}
