import { userError } from '@shop/subgraph';

/** The refusal of a link. It does not say why. */
export const invalidToken = () => userError('InvalidToken', 'The link is unknown, has expired or was used already.');
