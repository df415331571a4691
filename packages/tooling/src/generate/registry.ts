import { client } from '../generators/client/client.ts';
import { containers } from '../generators/containers.ts';
import { eventsReference } from '../generators/events-reference.ts';
import { kubernetes } from '../generators/kubernetes/kubernetes.ts';
import { mailTemplates } from '../generators/mail-templates.ts';
import { messagingTables } from '../generators/messaging-tables.ts';
import { observability } from '../generators/observability/observability.ts';
import { prismaClients } from '../generators/prisma-clients.ts';
import { resolverTypes } from '../generators/resolver-types.ts';
import { schemaReference } from '../generators/schema-reference/schema-reference.ts';
import { sharedSdl } from '../generators/shared-sdl.ts';
import { supergraph } from '../generators/supergraph.ts';
import type { Generator } from './generator.ts';

/** The steps of `npm run generate` in order: each may read the results of earlier ones. */
export const generators: readonly Generator[] = [
  messagingTables,
  prismaClients,
  mailTemplates,
  sharedSdl,
  supergraph,
  resolverTypes,
  client,
  schemaReference,
  eventsReference,
  containers,
  kubernetes,
  observability,
];
