import os from 'node:os';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../cli/src/command-line/options.ts';

/** A parser for an option that takes whole numbers within bounds, separated by commas. It returns them in ascending order. */
export function wholeNumbers(min: number, max: number): (text: string) => number[] {
  const read = wholeNumber(min, max);
  return (text) => {
    try {
      return text
        .split(',')
        .map(read)
        .sort((a, b) => a - b);
    } catch {
      throw new InvalidArgumentError(`It must be whole numbers from ${min} to ${max}, separated by commas.`);
    }
  };
}

/** A parser for an option that takes parts of names, separated by commas. It returns the names that contain one of them. */
export function partsOf<Name extends string>(names: readonly Name[]): (text: string) => Name[] {
  return (text) => {
    const found = text.split(',').map((part) => names.filter((name) => part !== '' && name.includes(part)));
    if (found.some((matches) => matches.length === 0))
      throw new InvalidArgumentError(`It must be parts of these names, separated by commas: ${names.join(', ')}.`);
    return names.filter((name) => found.some((matches) => matches.includes(name)));
  };
}

/** The option of the benchmarks that measure for a time. */
export const secondsOption = (seconds: number): Option =>
  new Option('--seconds <number>', 'measured seconds of each cell, above 0 and at most 60')
    .argParser((text) => {
      const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      if (value > 0 && value <= 60) return value;
      throw new InvalidArgumentError('It must be a number above 0 and at most 60.');
    })
    .default(seconds);

/** The option of the benchmarks that install programs of other projects. */
export const peersFolderOption = (names: string): Option =>
  new Option('--peers-folder <folder>', `where ${names} are installed, outside of the project`)
    .argParser((folder) => path.resolve(folder))
    .default(path.join(os.tmpdir(), 'federated-commerce-bench-peers'));
