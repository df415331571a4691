/** The environment of this process. Commands get it as an argument, so that tests can pass another one. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** True when DEBUG requests stack traces. */
export function readDebug(env: NodeJS.ProcessEnv): boolean {
  return !['', '0', 'false'].includes(env['DEBUG'] ?? '');
}
