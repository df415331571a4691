# __Names__ of products.

query List__Names__($first: Int, $after: String, $last: Int, $before: String) {
  __names__(first: $first, after: $after, last: $last, before: $before) {
    nodes {
      ...__Name__Line
    }
    pageInfo {
      ...Page
    }
  }
}

query Product__Names__($productId: ID!, $first: Int, $after: String) {
  product(id: $productId) {
    id
    __names__(first: $first, after: $after) {
      nodes {
        ...__Name__Line
      }
      pageInfo {
        ...Page
      }
      totalCount
    }
  }
}

mutation Create__Name__($input: Create__Name__Input!) {
  create__Name__(input: $input) {
    __typename
    ... on Create__Name__Success {
      __name__ {
        ...__Name__Line
      }
    }
    ... on InvalidInput {
      issues {
        path
        message
      }
    }
    ... on UserError {
      code
      message
    }
  }
}

fragment __Name__Line on __Name__ {
  id
  text
  createdAt
  author {
    id
  }
  product {
    id
    name
  }
}
