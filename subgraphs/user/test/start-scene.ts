import { uuidv7 } from '@shop/subgraph';
import type { Role } from '../src/domain/role.ts';
import { openAccount } from '../src/use-cases/open-account.ts';
import { password, startAccounts } from './accounts.ts';

export { client, password } from './accounts.ts';

/** A signed-in account. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
}

/** The dependencies of use-cases over a database of one test file, and accounts of any role. */
export async function startScene() {
  const { dependencies, signIn, eventsOf, linkOf, stop } = await startAccounts();
  return {
    dependencies,
    /** Opens an account with a unique e-mail. */
    async openUser(role: Role = 'CUSTOMER', rest: { email?: string; name?: string } = {}) {
      const account = { email: `${uuidv7()}@example.com`, password, name: 'Ada', ...rest };
      const outcome = await openAccount(dependencies, account, { role, emailVerified: true }, async () => {});
      if (outcome.kind !== 'opened') throw new Error(outcome.kind);
      return outcome.user;
    },
    /** Opens an account of a role and signs it in. */
    async openCaller(role: Role = 'ADMIN'): Promise<Caller> {
      const user = await this.openUser(role);
      const { sessionId } = await signIn(user.email);
      return { userId: user.id, sessionId, email: user.email };
    },
    signIn,
    eventsOf,
    linkOf,
    stop,
  };
}

export type Scene = Awaited<ReturnType<typeof startScene>>;
