import { ConfigError, ExpectedError } from '@shop/process';
import { explainFailure, UnavailableError, UsageError } from './failures.ts';

const systemError = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test.each([
  [new UsageError('Wrong.'), 2],
  [new UnavailableError('Down.'), 3],
  [new ExpectedError('Refused.'), 1],
  [new ExpectedError('Down.', { cause: systemError }), 3],
  [new ConfigError('order', ['NATS_URL is missing']), 1],
])('%s is shown as it is', (error, exitCode) => {
  expect(explainFailure(error)).toEqual({ message: error.message, exitCode });
});

test.each([
  [new TypeError('x is not a function\nsecond line'), 'x is not a function'],
  [new RangeError(), 'RangeError'],
  [systemError, 'connect ECONNREFUSED'],
  ['a string', 'a string'],
])('%s is reported as a fault, on one line', (error, message) => {
  expect(explainFailure(error)).toEqual({
    message: `Unexpected error: ${message}. Run the command again with --debug and report the output as an issue of this project.`,
    exitCode: 70,
  });
});
