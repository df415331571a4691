import { ConfigError } from '../config/config-error.ts';
import { createLogger } from '../log/create-logger.ts';
import { createLifetime } from './lifetime.ts';
import { describeStartError } from './run-service.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('a lifetime', () => {
  test('stops in reverse order, once, and continues after an error', async () => {
    const lifetime = createLifetime(logger);
    const stopped: string[] = [];
    lifetime.onStop('a', () => void stopped.push('a'));
    lifetime.onStop('b', () => Promise.reject(new Error('no')));
    lifetime.onStop('c', () => void stopped.push('c'));
    expect(lifetime.stopping.aborted).toBe(false);
    await expect(Promise.all([lifetime.stop(), lifetime.stop()])).resolves.toEqual([false, false]);
    expect(stopped).toEqual(['c', 'a']);
    expect(lifetime.stopping.aborted).toBe(true);
  });

  test('stops what is registered while or after it stops', async () => {
    const lifetime = createLifetime(logger);
    const stopped: string[] = [];
    lifetime.onStop('a', async () => lifetime.onStop('b', () => void stopped.push('b')));
    await expect(lifetime.stop()).resolves.toBe(true);
    lifetime.onStop('c', () => void stopped.push('c'));
    expect(stopped).toEqual(['b', 'c']);
  });
});

describe('an error of the start', () => {
  test('is one line with its causes', () => {
    const error = new Error('the database does not answer', { cause: new Error('connect ECONNREFUSED\n127.0.0.1:1') });
    expect(describeStartError('order', error)).toBe(
      'order could not start: the database does not answer: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  test('of the configuration keeps its lines', () => {
    expect(describeStartError('order', new ConfigError('order', ['A is missing', 'B is missing']))).toBe(
      'The configuration of order is not valid:\n  A is missing\n  B is missing',
    );
  });
});
