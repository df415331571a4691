/**
 * Keeps a number finite. Nested lists multiply, and an infinite size could not be compared, multiplied by zero, or sent as JSON.
 */
export const saturate = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);
