import { anonymous, type Viewer } from '@shop/process';

/** The caller in a test. */
export interface TestViewer {
  readonly userId: string;
  readonly scopes?: readonly string[];
}

export function toViewer(given: TestViewer | undefined): Viewer {
  return given === undefined
    ? anonymous
    : { userId: given.userId, sessionId: 'test-session', scopes: new Set(given.scopes) };
}
