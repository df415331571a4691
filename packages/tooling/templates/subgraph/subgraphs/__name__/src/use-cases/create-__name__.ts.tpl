import { appendToOutbox } from '@shop/messaging';
import { fingerprint, issuesFrom, isUniqueViolation, plainText, sqlOver, uuidv7, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { insert__Name__, load__Name__ByKey } from '../db/__names__.ts';
import { MAX_TEXT_LENGTH, normaliseText, type __Name__ } from '../domain/__name__.ts';
import { __name__WasCreated } from '../events/outgoing.ts';
import type { Dependencies } from './dependencies.ts';

const new__Name__ = z.object({
  productId: z.uuid().toLowerCase(),
  text: plainText(MAX_TEXT_LENGTH).transform(normaliseText).pipe(z.string().min(1)),
  idempotencyKey: plainText(200).min(1),
});

export type Create__Name__Outcome =
  | { readonly kind: 'created'; readonly __name__: __Name__ }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'idempotency-conflict' };

/** Creates __a__ __name__ and its event in one transaction. The same key with the same input returns the first __name__. */
export async function create__Name__(
  { database, now }: Dependencies,
  input: unknown,
  authorId: string,
): Promise<Create__Name__Outcome> {
  const parsed = new__Name__.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { idempotencyKey, ...fields } = parsed.data;
  const print = fingerprint(fields);
  const __name__: __Name__ = { id: uuidv7(), ...fields, authorId, createdAt: now() };
  try {
    await database.transact(async (tx) => {
      await insert__Name__(tx, __name__, { idempotencyKey, fingerprint: print });
      await appendToOutbox(sqlOver(tx), [__name__WasCreated(__name__)]);
    });
    return { kind: 'created', __name__ };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const earlier = await load__Name__ByKey(database, authorId, idempotencyKey);
    if (earlier === null) throw error;
    return earlier.fingerprint === print
      ? { kind: 'created', __name__: earlier.__name__ }
      : { kind: 'idempotency-conflict' };
  }
}
