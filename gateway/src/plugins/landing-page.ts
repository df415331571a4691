import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

/** The first document that Sandbox shows. */
export const firstDocument = `# To sign in, put the accessToken of register or login after "Bearer " in the header Authorization.
query Catalogue {
  products(first: 5) {
    nodes {
      id
      sku
      name
      price {
        amount
        currencyCode
      }
      inStock
    }
  }
}
`;

/** Apollo Sandbox for a browser that opens the endpoint, with a first document; nothing in production. */
export function landingPage(options: { isProduction: boolean }): ApolloServerPlugin<BaseContext> {
  if (options.isProduction) return ApolloServerPluginLandingPageDisabled();
  return ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false, document: firstDocument, headers: { Authorization: 'Bearer ' } });
}
