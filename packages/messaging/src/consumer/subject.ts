/**
 * Returns a function that says whether one of the patterns covers a subject. They have the wildcards of NATS: `*` stands for one part, a
 * final `>` for one or more parts.
 */
export function matchSubjects(patterns: readonly string[]): (subject: string) => boolean {
  const expression = new RegExp(toSubjectExpression(patterns));
  return (subject) => expression.test(subject);
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
