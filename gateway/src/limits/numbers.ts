/** Nested lists multiply: keeps sums and products finite, so that they can be compared, multiplied by zero and sent as JSON. */
export const saturate = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);

/** `__schema`, `__type` and `__typename`. */
export const isIntrospection = (name: string): boolean => name.startsWith('__');
