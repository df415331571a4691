import { z } from 'zod';
import { issuesFrom } from './issues-from.ts';

test('issues carry a dotted path', () => {
  const schema = z.object({ items: z.array(z.object({ quantity: z.number().min(1, 'must be at least 1') })) });
  const { error } = schema.safeParse({ items: [{ quantity: 0 }] });
  expect(error && issuesFrom(error)).toEqual([{ path: 'items.0.quantity', message: 'must be at least 1' }]);
});
