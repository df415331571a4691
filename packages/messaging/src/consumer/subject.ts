/** Returns whether a pattern with NATS wildcards covers a subject: `*` stands for one part, a final `>` for one or more parts. */
export function matchesSubject(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const parts = subject.split('.');
  for (const [index, want] of wanted.entries()) {
    if (want === '>') return parts.length > index;
    if (parts[index] === undefined || (want !== '*' && want !== parts[index])) return false;
  }
  return parts.length === wanted.length;
}
