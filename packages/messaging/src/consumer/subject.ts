/** Returns whether a pattern with NATS wildcards covers a subject: `*` stands for one part, a final `>` for one or more parts. */
export function matchesSubject(pattern: string, subject: string): boolean {
  return new RegExp(toSubjectExpression([pattern])).test(subject);
}

/** Returns patterns with NATS wildcards as one regular expression for whole subjects, which PostgreSQL understands. */
export function toSubjectExpression(patterns: readonly string[]): string {
  return `^(${patterns.map(toRegularExpression).join('|')})$`;
}

/** Returns a pattern with NATS wildcards as a regular expression that JavaScript and PostgreSQL understand. */
function toRegularExpression(pattern: string): string {
  return pattern
    .split('.')
    .map((part) => {
      if (part === '>') return '.+';
      return part === '*' ? '[^.]+' : part.replaceAll(/[^A-Za-z0-9_-]/g, '\\$&');
    })
    .join('\\.');
}
