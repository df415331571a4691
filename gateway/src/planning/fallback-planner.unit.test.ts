import { createFallbackPlanner, type Planner } from './fallback-planner.ts';
import type { PlannerAnswer } from './planner-thread.ts';

const log: string[] = [];
beforeEach(() => void log.splice(0));

/** A planner that answers as the text of the operation says. */
function create(name: string): Planner {
  const plan = async (text: string): Promise<PlannerAnswer> => {
    log.push(`${name} ${text}`);
    if (text.includes(`refused by ${name}`)) return { refusal: `${name} refuses` };
    return text === 'endless' ? { exceeded: 'time' } : { plan: name };
  };
  return { ready: async () => {}, plan, close: async () => void log.push(`${name} closed`) };
}

function start(): Planner {
  return createFallbackPlanner({
    first: create('first'),
    prepare: (text) => (text === 'unsuited' ? { refusal: 'unsuited' } : { text }),
    startSecond() {
      log.push('second started');
      return create('second');
    },
    onFallback: (refusal) => void log.push(`fallback: ${refusal}`),
  });
}

test('the second planner gets what the first one refuses, and is started once for that', async () => {
  const planner = start();
  expect(await planner.plan('a')).toEqual({ plan: 'first' });
  expect(log).toEqual(['first a']);
  expect(await planner.plan('refused by first')).toEqual({ plan: 'second' });
  expect(await planner.plan('refused by first')).toEqual({ plan: 'second' });
  expect(log.filter((line) => line === 'second started')).toHaveLength(1);
  expect(log.at(-1)).toBe('fallback: first refuses');
  await planner.close();
  expect(log.slice(-2)).toEqual(['first closed', 'second closed']);
});

test('an operation that does not suit the first planner goes to the second one at once', async () => {
  expect(await start().plan('unsuited')).toEqual({ plan: 'second' });
  expect(log).toEqual(['second started', 'second unsuited', 'fallback: unsuited']);
});

test('what both refuse has the reason of the second one, and is no fallback', async () => {
  expect(await start().plan('refused by first, refused by second')).toEqual({ refusal: 'second refuses' });
  expect(log.some((line) => line.startsWith('fallback'))).toBe(false);
});

test('an operation that takes too long is not given to the second planner', async () => {
  expect(await start().plan('endless')).toEqual({ exceeded: 'time' });
  expect(log).toEqual(['first endless']);
});
