/**
 * Bytes of heap for each node of a document, measured as docs/decisions/049 says. `parsed` is the document itself with its positions, and
 * what limits and access rules keep for it. `normalised` is the copy that is planned, once for each operation and set of permissions.
 */
export const bytesOfNode = { parsed: 305, normalised: 165 };
