import { uuidv7 } from '@shop/subgraph';
import type { Role } from '../src/domain/role.ts';
import { openAccount } from '../src/use-cases/open-account.ts';
import { password, startAccounts } from './accounts.ts';

export { client, password } from './accounts.ts';

/** The dependencies of use-cases over a database of one test file, and accounts of any role. */
export async function startScene() {
  const { dependencies, stop } = await startAccounts();
  return {
    dependencies,
    /** Opens an account with a unique e-mail. */
    async openUser(role: Role = 'CUSTOMER', rest: { email?: string; name?: string } = {}) {
      const account = { email: `${uuidv7()}@example.com`, password, name: 'Ada', ...rest };
      const outcome = await openAccount(dependencies, account, role, async () => {});
      if (outcome.kind !== 'opened') throw new Error(outcome.kind);
      return outcome.user;
    },
    stop,
  };
}

export type Scene = Awaited<ReturnType<typeof startScene>>;
