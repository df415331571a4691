/** The order of a list of products; ids break ties. `RELEVANCE` is always the best match first. */
export interface ProductOrder {
  readonly by: 'RELEVANCE' | 'NAME' | 'PRICE' | 'CREATED_AT';
  readonly direction: 'ASC' | 'DESC';
}

export const newestFirst: ProductOrder = { by: 'CREATED_AT', direction: 'DESC' };
export const bestMatchFirst: ProductOrder = { by: 'RELEVANCE', direction: 'DESC' };
