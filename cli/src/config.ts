/** The environment of this process. Commands get it as an argument, so that tests can give another. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** Whether DEBUG asks for stacks. */
export function readDebug(env: NodeJS.ProcessEnv): boolean {
  return !['', '0', 'false'].includes(env['DEBUG'] ?? '');
}
