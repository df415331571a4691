import { InvalidArgumentError, Option } from 'commander';
import { nameVariables, type ServiceName, serviceNames } from '@shop/contracts';

export const jsonOption = () => new Option('--json', 'print the result as JSON, for programs');

export const serviceOption = () =>
  new Option('--service <name>', 'only this subgraph; all of them by default').choices(serviceNames);

/** The subgraphs that `--service` names. */
export function chosenServices(service: ServiceName | undefined): readonly ServiceName[] {
  return service === undefined ? serviceNames : [service];
}

export const databasesHelp = `
Databases:
  The commands work on the databases of the stack that runs on DATA_DIR, or on those that the variables
  ${serviceNames.map((name) => nameVariables(name).databaseUrl).join(', ')} name.`;

/** A parser for an option that takes a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Turns a parser's error into a usage error of the command line. */
export function parseWith<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
