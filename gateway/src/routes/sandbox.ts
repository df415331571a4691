import { existsSync, readFileSync } from 'node:fs';
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { freeTextHeader } from '../persisted-operations/index.ts';

/** The operation that Sandbox shows first. */
const firstDocument = 'gateway/graphiql/operations/products.graphql';

/**
 * Apollo Sandbox for a browser that opens `/graphql`. Production does not have it.
 *
 * @param options.hasServices true when the first operation that it shows is valid
 */
export function createSandbox(options: {
  isProduction: boolean;
  hasServices: boolean;
}): ApolloServerPlugin<BaseContext> {
  if (options.isProduction) return ApolloServerPluginLandingPageDisabled();
  const sandbox = ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false, initialState: { sharedHeaders: { [freeTextHeader]: 'sandbox' } } },
    footer: false,
    ...(options.hasServices && existsSync(firstDocument) ? { document: readFileSync(firstDocument, 'utf8') } : {}),
    headers: { Authorization: 'Bearer ' },
  });
  return { ...sandbox, serverWillStart: async (service) => addGraphiqlLink(await sandbox.serverWillStart?.(service)) };
}

type Listener = Awaited<ReturnType<NonNullable<ApolloServerPlugin<BaseContext>['serverWillStart']>>>;

/** Sandbox is loaded from Apollo's servers. Where they cannot be reached, the page links to GraphiQL, which is served from here. */
function addGraphiqlLink(listener: Listener): Listener {
  const render = listener?.renderLandingPage;
  if (render === undefined) return listener;
  return {
    ...listener,
    async renderLandingPage() {
      const { html } = await render();
      return {
        html: async () =>
          (typeof html === 'string' ? html : await html()).replace(
            'you might be offline.',
            'you might be offline. <a href="/graphiql">GraphiQL</a> works without the internet.',
          ),
      };
    },
  };
}
