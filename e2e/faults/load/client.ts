import { setTimeout as pause } from 'node:timers/promises';

/** An answer that takes longer is taken for lost, and asked for again. */
const ANSWER_TIMEOUT_MS = 8_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 1_000];

/** Codes that say: later. Any other is a wrong answer to a request that was right. */
const PASSING = new Set(['SERVICE_UNAVAILABLE']);

/** What became of the requests that clients have sent. */
export interface Traffic {
  /** How often each kind of answer came: `data`, `lost`, or the code of an error. */
  readonly answers: Map<string, number>;
  /** Answers that no fault excuses, an example of each kind. */
  readonly wrong: Map<string, string>;
  /** When clients give up, in milliseconds since 1970. They go on for ever until it is set. */
  giveUpAt: number;
}

export function newTraffic(): Traffic {
  return { answers: new Map(), wrong: new Map(), giveUpAt: Infinity };
}

/** The gateway as a client that does not take "later" for an answer. */
export interface PatientClient {
  /** Sends the same operation until it is answered with data alone. @throws Error when time is over */
  ask<Data = any>(query: string, variables: object): Promise<Data>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export function patientClient(url: string, accessToken: string, traffic: Traffic): PatientClient {
  return {
    async ask(query, variables) {
      const body = JSON.stringify({ query, variables });
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        const { kind, text, data } = await send(url, accessToken, body);
        traffic.answers.set(kind, (traffic.answers.get(kind) ?? 0) + 1);
        if (kind === 'data') return data;
        if (kind !== 'lost' && !PASSING.has(kind)) traffic.wrong.set(kind, `${text}\nfor ${body}`.slice(0, 2_000));
        if (Date.now() > traffic.giveUpAt)
          throw new Error(`no answer but ${text.slice(0, 500)}\nfor ${body.slice(0, 500)}`);
        await pause(pauseMs);
      }
    },
  };
}

interface Answer {
  readonly kind: string;
  readonly text: string;
  readonly data?: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

async function send(url: string, accessToken: string, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const text = await response.text();
    return read(text);
  } catch (error) {
    return { kind: 'lost', text: (error as Error).message };
  }
}

function read(text: string): Answer {
  try {
    const { data, errors } = JSON.parse(text);
    if (data && !errors) return { kind: 'data', text, data };
    const codes: string[] = (errors ?? []).map(
      (error: { extensions?: { code?: string } }) => error.extensions?.code ?? 'no code',
    );
    return { kind: codes.find((code) => !PASSING.has(code)) ?? codes[0] ?? 'no errors', text };
  } catch {
    return { kind: 'no JSON', text };
  }
}
