import { randomUUID } from 'node:crypto';
import { type Broker, RequestFailed, type RequestFailure } from '@shop/messaging';
import { createQuestions, type RecipientQuestion } from './ask.ts';

/** A broker whose user service knows each account but one, about which it fails to answer. */
function questionsTo({ poison, failure }: { poison?: string; failure?: RequestFailure } = {}) {
  const requests: string[][] = [];
  const request: Broker['request'] = async ({ subject }, payload) => {
    const { questions } = payload as { questions: RecipientQuestion[] };
    const userIds = questions.map(({ userId }) => userId);
    requests.push(userIds);
    if (failure !== undefined) throw new RequestFailed(subject, failure);
    if (poison !== undefined && userIds.includes(poison)) throw new RequestFailed(subject, 'rejected');
    return {
      answers: userIds.map((userId) => ({
        recipient: { email: `${userId}@shop.example`, name: 'Ada', phone: null },
        link: null,
      })),
    };
  };
  const { findRecipient } = createQuestions({ request } as Broker);
  const ask = async (userIds: readonly string[]) =>
    (await Promise.allSettled(userIds.map((userId) => findRecipient({ userId })))).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value.recipient?.email : outcome.reason.reason,
    );
  return { ask, requests };
}

const ids = Array.from({ length: 60 }, () => randomUUID());
const [first = '', second = '', third = ''] = ids;
const addressOf = (id: string) => `${id}@shop.example`;

test('questions of one turn share requests of at most 50, and each has its answer', async () => {
  const { ask, requests } = questionsTo();
  expect(await ask([...ids, first])).toEqual([...ids, first].map(addressOf));
  expect(requests.map((asked) => asked.length)).toEqual([50, 11]);
});

test('an answer is not remembered', async () => {
  const { ask, requests } = questionsTo();
  await ask([first]);
  await ask([first]);
  expect(requests).toEqual([[first], [first]]);
});

test('a question that cannot be answered does not fail the others', async () => {
  const { ask } = questionsTo({ poison: second });
  expect(await ask([first, second, third])).toEqual([addressOf(first), 'rejected', addressOf(third)]);
});

test('a service that is away is asked once for all', async () => {
  const { ask, requests } = questionsTo({ failure: 'timeout' });
  expect(await ask([first, second])).toEqual(['timeout', 'timeout']);
  expect(requests).toHaveLength(1);
});
