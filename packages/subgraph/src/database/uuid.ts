const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns whether a client's id can be one of ours. Other ids match nothing. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}
