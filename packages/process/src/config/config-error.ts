import { ExpectedError } from '../errors/expected-error.ts';

/** Thrown by {@link loadConfig}. `mistakes` has one line per variable, without its value, which may be a secret. */
export class ConfigError extends ExpectedError {
  readonly service: string;
  readonly mistakes: readonly string[];

  constructor(service: string, mistakes: readonly string[]) {
    super(`The configuration of ${service} is not valid:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.name = 'ConfigError';
    this.service = service;
    this.mistakes = mistakes;
  }
}
