/** Whether a subject is covered by a pattern with NATS's wildcards: `*` is one part, a last `>` is one or more. */
export function matchesSubject(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const parts = subject.split('.');
  for (const [index, want] of wanted.entries()) {
    if (want === '>') return parts.length > index;
    if (parts[index] === undefined || (want !== '*' && want !== parts[index])) return false;
  }
  return parts.length === wanted.length;
}
