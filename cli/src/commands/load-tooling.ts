import { UnavailableError } from '../command-line/failures.ts';

/** The libraries of these commands are development dependencies, which a production image does not have. */
export async function loadTooling() {
  try {
    return await import('@shop/tooling');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UnavailableError(
      'This command needs the development dependencies. Run it in a checkout of the project.',
      {
        cause,
      },
    );
  }
}
