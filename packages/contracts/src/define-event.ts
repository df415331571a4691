import type { z } from 'zod';

/** A published event: its name, its publisher, and the only shape its data may have. */
export interface EventContract<Data> {
  /** CloudEvents `type` and NATS subject alike: `shop.<context>.<past-tense>.v<n>`. */
  readonly type: string;
  /** CloudEvents `source`: the publishing service. */
  readonly source: string;
  readonly schema: z.ZodType<Data>;
  /** Returns the data, without members that the contract does not name. Throws ZodError. */
  parse(data: unknown): Data;
}

export function defineEvent<Data>(
  type: `shop.${string}.${string}.v${number}`,
  source: string,
  schema: z.ZodType<Data>,
): EventContract<Data> {
  return { type, source, schema, parse: (data) => schema.parse(data) };
}
