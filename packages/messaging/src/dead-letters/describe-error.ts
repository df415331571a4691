const longest = 8_000;

/** An error as text for an operator: its stack, and those of its causes. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let current = error, depth = 0; current !== undefined && depth < 5; depth += 1) {
    parts.push(current instanceof Error ? (current.stack ?? `${current.name}: ${current.message}`) : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  // PostgreSQL's text cannot hold a zero byte.
  return parts.join('\ncaused by ').replaceAll('\0', '').slice(0, longest);
}
