import { createMessageKey } from './message-key.ts';

test('the key of a message differs by each of its parts, and not by its content', () => {
  const message = { template: 'order-paid', recipientId: 'u', about: ['o', 3] } as const;
  const keys = [
    createMessageKey(message, 'EMAIL'),
    createMessageKey(message, 'SMS'),
    createMessageKey({ ...message, template: 'order-shipped' }, 'EMAIL'),
    createMessageKey({ ...message, recipientId: 'v' }, 'EMAIL'),
    createMessageKey({ ...message, about: ['o', 4] }, 'EMAIL'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(createMessageKey({ ...message }, 'EMAIL')).toBe(keys[0]);
});
