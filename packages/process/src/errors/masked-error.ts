/** What a client sees of an unexpected error. The log has the rest, under the request id. */
export const maskedCode = 'INTERNAL_SERVER_ERROR';
export const maskedMessage = 'Something went wrong on our side.';
