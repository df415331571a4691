import type { CommittedGenerator } from '../../generate/generator.ts';
import { readApiSchema } from '../../graph/api-schema.ts';
import { supergraphFile } from '../../graph/subgraphs.ts';
import { readAccess } from './access.ts';
import { writePages } from './pages.ts';

const folder = 'docs/schema';

/**
 * Writes docs/schema, the reference of the schema that clients see: a page for each kind of member, with access rules.
 */
export const schemaReference: CommittedGenerator = {
  kind: 'committed',
  name: 'schema reference',
  inputs: () => [supergraphFile],
  folders: [folder],
  async run(project) {
    const text = project.require(supergraphFile);
    const pages = writePages(await readApiSchema(text), readAccess(text));
    return Object.fromEntries(Object.entries(pages).map(([name, page]) => [`${folder}/${name}`, page]));
  },
};
