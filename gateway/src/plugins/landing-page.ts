import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { freeTextHeader } from '../persisted-operations/index.ts';
import { firstDocument } from './first-document.ts';

/** Apollo Sandbox for a browser that opens the endpoint, with a first document; nothing in production. */
export function landingPage(options: { isProduction: boolean }): ApolloServerPlugin<BaseContext> {
  if (options.isProduction) return ApolloServerPluginLandingPageDisabled();
  const sandbox = ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false, initialState: { sharedHeaders: { [freeTextHeader]: 'sandbox' } } },
    footer: false,
    document: firstDocument,
    headers: { Authorization: 'Bearer ' },
  });
  return { ...sandbox, serverWillStart: async (service) => withWayOut(await sandbox.serverWillStart?.(service)) };
}

type Listener = Awaited<ReturnType<NonNullable<ApolloServerPlugin<BaseContext>['serverWillStart']>>>;

/** Sandbox comes from Apollo's servers; what the page says where it cannot, leads to the page that comes from here. */
function withWayOut(listener: Listener): Listener {
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
