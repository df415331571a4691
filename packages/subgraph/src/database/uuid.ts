const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True when a client's id has the form of our ids. Other ids match nothing. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}
