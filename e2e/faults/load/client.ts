import { setTimeout as pause } from 'node:timers/promises';
import { graphqlClient, type GraphqlAnswer, type TypedOperation } from '@shop/testing';

/** An answer that takes longer counts as lost, and the request is repeated. */
const ANSWER_TIMEOUT_MS = 8_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 1_000];

/** Codes that ask the client to try again later. Any other code is a wrong answer to a correct request. */
const PASSING = new Set(['SERVICE_UNAVAILABLE']);

/** The outcomes of the requests that clients have sent. */
export interface Traffic {
  /** The number of answers by kind: `data`, `lost`, or the code of an error. */
  readonly answers: Map<string, number>;
  /** Answers that no fault explains, with an example of each kind. */
  readonly wrong: Map<string, string>;
  /** The time at which clients give up, in milliseconds since 1970. They continue until it is set. */
  giveUpAt: number;
}

export function newTraffic(): Traffic {
  return { answers: new Map(), wrong: new Map(), giveUpAt: Infinity };
}

/** A client of the gateway that repeats requests which it should try again later. */
export interface PatientClient {
  /** Repeats the same operation until the answer has data and no errors. @throws Error after the deadline */
  ask<Data, Variables>(operation: TypedOperation<Data, Variables>, variables: NoInfer<Variables>): Promise<Data>;
}

export function patientClient(url: string, accessToken: string, traffic: Traffic): PatientClient {
  const client = graphqlClient(url, accessToken);

  async function send<Data, Variables>(
    operation: TypedOperation<Data, Variables>,
    variables: NoInfer<Variables>,
  ): Promise<Outcome<Data>> {
    try {
      return classify(await client.execute(operation, variables, {}, AbortSignal.timeout(ANSWER_TIMEOUT_MS)));
    } catch (error) {
      const { message } = error as Error;
      return { kind: message.includes('without JSON') ? 'no JSON' : 'lost', text: message };
    }
  }

  return {
    async ask(operation, variables) {
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        const { kind, text, data } = await send(operation, variables);
        traffic.answers.set(kind, (traffic.answers.get(kind) ?? 0) + 1);
        if (data !== undefined) return data;
        const request = `${operation.body} ${JSON.stringify(variables)}`;
        if (kind !== 'lost' && !PASSING.has(kind)) traffic.wrong.set(kind, `${text}\nfor ${request}`.slice(0, 2_000));
        if (Date.now() > traffic.giveUpAt)
          throw new Error(
            `The last answer before the deadline has no data: ${text.slice(0, 500)}\nfor ${request.slice(0, 500)}`,
          );
        await pause(pauseMs);
      }
    },
  };
}

interface Outcome<Data> {
  readonly kind: string;
  readonly text: string;
  /** Set only when the kind is `data`. */
  readonly data?: Data;
}

function classify<Data>({ data, errors }: GraphqlAnswer<Data>): Outcome<Data> {
  const text = JSON.stringify({ data, errors });
  if (data && !errors) return { kind: 'data', text, data };
  const codes = (errors ?? []).map(({ extensions }) => String(extensions?.['code'] ?? 'no code'));
  return { kind: codes.find((code) => !PASSING.has(code)) ?? codes[0] ?? 'no errors', text };
}
