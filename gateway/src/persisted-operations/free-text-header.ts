/** The developers' pages send this header to say that a person typed the operation. Production ignores it. */
export const freeTextHeader = 'x-free-text';
