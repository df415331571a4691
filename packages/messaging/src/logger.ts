/** One level of a logger: fields first, then the message, as pino has it. */
export type LogMethod = (fields: object, message?: string) => void;

/** What this package needs of a logger; pino's loggers have it. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}
