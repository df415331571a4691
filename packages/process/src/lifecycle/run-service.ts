import { ConfigError } from '../config/config-error.ts';
import { createLogger, type Logger } from '../log/create-logger.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';

/** The milliseconds that stopping may take before the process is ended by force. */
export const hardExitMs = 15_000;

/**
 * Runs a process. `start` builds its parts, and registers with the lifetime how to stop them.
 * SIGTERM, SIGINT and the loss of the parent's IPC channel stop the parts in reverse and end the process with 0. A
 * second signal ends it at once. An error of `start` is printed as one clear message, and ends the process with 1. An
 * unhandled rejection does so too, and is logged with its stack. A process with a single task returns `done` from
 * `start`.
 *
 * @param name the process's name in its log
 */
export function runService(name: string, start: (lifetime: Lifetime) => Promise<void | 'done'>): void {
  const logger = createLogger({ service: name });
  const lifetime = createLifetime(logger);
  let isStopping = false;

  function stop(reason: string, exitCode: number, level: 'info' | 'debug' = 'debug'): void {
    if (isStopping) process.exit(exitCode === 0 ? 130 : exitCode);
    isStopping = true;
    logger[level]({ reason }, 'stopping');
    setTimeout(() => {
      logger.error({ afterMs: hardExitMs }, 'stopping took too long');
      process.exit(1);
    }, hardExitMs).unref();
    void lifetime.stop().then((isClean) => {
      logger[level]('stopped');
      process.exit(isClean ? exitCode : 1);
    });
  }

  process.on('SIGTERM', () => stop('SIGTERM', 0, 'info'));
  process.on('SIGINT', () => stop('SIGINT', 0, 'info'));
  // Only a forked process has a channel to lose.
  if (process.connected) process.on('disconnect', () => stop('the supervisor is gone', 0, 'info'));
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ err: error }, origin === 'unhandledRejection' ? 'unhandled rejection' : 'uncaught exception');
    if (!isStopping) stop(origin, 1);
  });
  logWarnings(logger);

  start(lifetime).then(
    (result) => {
      if (result === 'done' && !isStopping) stop('done', 0);
    },
    (error: unknown) => {
      // An error during an interrupted start needs no message.
      if (isStopping) return;
      process.stderr.write(`${describeStartError(name, error)}\n`);
      stop('the start failed', 1);
    },
  );
}

/**
 * Sends Node's warnings to the log instead of standard error. Those about experimental features are logged for
 * debugging only.
 */
function logWarnings(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    const level = warning.name === 'ExperimentalWarning' ? 'debug' : 'warn';
    logger[level]({ err: warning }, 'warning');
  });
}

/** Joins the message and those of its causes on one line. Mistakes in the configuration get a line each. */
export function describeStartError(name: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const messages: string[] = [];
  for (let at: unknown = error; at instanceof Error && messages.length < 5; at = at.cause) {
    messages.push(at.message || (at instanceof AggregateError ? String(at.errors[0]?.message) : at.name));
  }
  return `${name} could not start: ${messages.join(': ') || String(error)}`.replaceAll('\n', ' ');
}
