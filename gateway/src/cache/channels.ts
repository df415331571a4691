import type { Source } from './source.ts';

/** Types of events that change the same values. */
export interface Channel {
  readonly id: number;
  /** The streams of its events. */
  readonly streams: readonly Source[];
}

/** The sets of event types that the declarations of supergraphs name. */
export class Channels {
  readonly #findStream: (type: string) => Source | undefined;
  readonly #byTypes = new Map<string, Channel>();
  readonly #byType = new Map<string, Channel[]>();

  /** @param findStream finds the stream of events of a type; undefined where nobody publishes them */
  constructor(findStream: (type: string) => Source | undefined) {
    this.#findStream = findStream;
  }

  /** @returns undefined when nobody publishes events of one of the types: nothing that depends on them can be kept */
  find(types: readonly string[]): Channel | undefined {
    const key = [...types].sort().join(' ');
    const known = this.#byTypes.get(key);
    if (known !== undefined) return known;
    const streams = new Set<Source>();
    for (const type of types) {
      const stream = this.#findStream(type);
      if (stream === undefined) return undefined;
      streams.add(stream);
    }
    const channel = { id: this.#byTypes.size + 1, streams: [...streams] };
    this.#byTypes.set(key, channel);
    for (const type of types) this.#byType.set(type, [...(this.#byType.get(type) ?? []), channel]);
    return channel;
  }

  /** The channels that an event belongs to. */
  ofType(type: string): readonly Channel[] {
    return this.#byType.get(type) ?? none;
  }
}

const none: readonly Channel[] = [];

/** The tag of values that change with the events about one object. */
export function tagOfSubject({ id }: Channel, subject: string): string {
  // Services write ids in lower case, and accept them in any.
  return `${id}:${subject.toLowerCase()}`;
}

/** The tag of values that change with any event of a channel. */
export function tagOfAll({ id }: Channel): string {
  return `${id}`;
}
