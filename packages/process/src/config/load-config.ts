import { z } from 'zod';
import { ConfigError } from './config-error.ts';

/**
 * Reads and checks the environment variables named by `shape`. An empty variable counts as absent, as in an env file
 * with `NAME=`.
 *
 * @param service names the process in the error message
 * @throws ConfigError listing every mistake at once, one line each, naming the variable and never its value
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  service: string,
  shape: Shape,
  env: NodeJS.ProcessEnv,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, env[name] === '' ? undefined : env[name]]));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;

  const mistakes = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is missing` : `${name}: ${describe(issue)}`;
  });
  throw new ConfigError(service, [...new Set(mistakes)]);
}

/**
 * Passes on only messages that are known to be safe: others of zod's may quote the value (`invalid_value` of a
 * literal, `unrecognized_keys`).
 */
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_format':
    case 'too_big':
    case 'too_small':
      return issue.message;
    default:
      return 'has a value that is not allowed';
  }
}
