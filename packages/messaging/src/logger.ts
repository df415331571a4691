/** Logs fields and a message, in the order of pino. */
export type LogMethod = (fields: object, message?: string) => void;

/** The logger that this package needs. A pino logger fits. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}
