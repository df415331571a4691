/**
 * A subgraph sends this header with an answer whose body is `{"data":{…}}` and a line feed, without errors, and vouches for the data: each
 * value is as its schema says, and the members of each object are those of the operation, in the order of its fields. A gateway whose
 * client selected the same need not read them.
 */
export const conformingData = { header: 'x-conforming-data', value: '1' } as const;
