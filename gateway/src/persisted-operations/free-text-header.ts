/** By this header the pages for developers say that a person typed the operation. Production does not listen to it. */
export const freeTextHeader = 'x-free-text';
