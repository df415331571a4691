/** One call of a piece of work. Path and body may contain placeholders: `<<name>>`. */
export interface Step {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** A text that every good answer contains. Otherwise the benchmark would measure something else. */
  readonly expected: string;
  /** Values of the answer for placeholders of later steps: patterns with one group. */
  readonly kept?: Readonly<Record<string, string>>;
  /** An answer with this text is no failure: the call is repeated after a pause. */
  readonly repeated?: { readonly when: string; readonly pauseMs: number };
}

export interface Call {
  readonly method: Step['method'];
  readonly path: string;
  readonly body: string | null;
}

/** Sends one call. Returns the status and the text of the answer. */
export type Send = (call: Call) => Promise<{ readonly status: number; readonly text: string }>;

/**
 * Prepares the steps once for many pieces of work. The returned function makes their calls one after another and returns how many they
 * were.
 *
 * @throws Error at the first answer that is not good
 */
export function prepareSequence(
  steps: readonly Step[],
): (values: Readonly<Record<string, string>>, send: Send) => Promise<number> {
  const prepared = steps.map((step) => ({
    ...step,
    fillPath: prepareTemplate(step.path),
    fillBody: step.body === undefined ? () => null : prepareTemplate(step.body),
    patterns: Object.entries(step.kept ?? {}).map(([name, pattern]) => [name, new RegExp(pattern)] as const),
  }));
  return async (given, send) => {
    const values = { ...given };
    let calls = 0;
    for (const { method, fillPath, fillBody, expected, repeated, patterns } of prepared) {
      const call = { method, path: fillPath(values), body: fillBody(values) };
      for (;;) {
        const { status, text } = await send(call);
        calls += 1;
        if (repeated !== undefined && text.includes(repeated.when)) {
          await new Promise((resolve) => setTimeout(resolve, repeated.pauseMs));
          continue;
        }
        if (status !== 200 || text.includes('"errors":[') || !text.includes(expected))
          throw new Error(
            `${method} ${call.path} is answered with ${status}: ${text.slice(0, 1_000)}\nfor ${call.body ?? ''}`,
          );
        for (const [name, pattern] of patterns) {
          const value = pattern.exec(text)?.[1];
          if (value === undefined) throw new Error(`The answer has no ${name}: ${text.slice(0, 1_000)}`);
          values[name] = value;
        }
        break;
      }
    }
    return calls;
  };
}

/** @throws Error when a value is missing */
export function prepareTemplate(text: string): (values: Readonly<Record<string, string>>) => string {
  const parts = text.split(/<<(\w+)>>/);
  return (values) => {
    let filled = parts[0] ?? '';
    for (let at = 1; at < parts.length; at += 2) {
      const value = values[parts[at] ?? ''];
      if (value === undefined) throw new Error(`There is no value for <<${parts[at]}>>.`);
      filled += value + (parts[at + 1] ?? '');
    }
    return filled;
  };
}

/** The variable of a GraphQL operation whose value is a number: the placeholder stands without quotation marks. */
export const numberFor = (name: string): string => `<<${name}>>#`;

/** A step that sends a GraphQL operation. */
export function graphqlStep(
  path: string,
  operation: { readonly query: string; readonly variables?: object },
  rest: Omit<Step, 'method' | 'path' | 'body'>,
): Step {
  const { query, variables = {} } = operation;
  const body = JSON.stringify({ query, variables }).replaceAll(/"(<<\w+>>)#"/g, '$1');
  return { method: 'POST', path, body, ...rest };
}
