/** The number of items in a connection when the client gives no number. */
export const defaultPageSize = 20;
/** The maximum number of items that a client may request at once. */
export const maxPageSize = 100;
