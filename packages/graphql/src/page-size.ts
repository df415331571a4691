/** How many items a connection has where a client names no number. */
export const defaultPageSize = 20;
/** How many a client may ask for at once. */
export const maxPageSize = 100;
