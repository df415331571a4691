/** What the developers' pages show first. */
export const firstDocument = `# To sign in, put the accessToken of register or login after "Bearer " in the header Authorization.
query Catalogue {
  products(first: 5) {
    nodes {
      id
      sku
      name
      price {
        amount
        currencyCode
      }
      inStock
    }
  }
}
`;
