import type { GraphQLScalarType } from 'graphql';
import type { CompleteFields, CompleteResolvers } from './complete-resolvers.ts';
import { DateTime } from '@shop/graphql';

// The compiler rejects mistakes: `npm run types` fails when an expected error is missing. The tests below check values
// only.

interface Context {
  readonly now: Date;
}
type Resolver<Result, Parent, Args = Record<PropertyKey, never>> = (
  parent: Parent,
  args: Args,
  context: Context,
  info: object,
) => Result | Promise<Result>;
type TypeResolver<Name, Parent> = (parent: Parent, context: Context, info: object) => Name | null;
type Root = Record<PropertyKey, never>;

interface BookRow {
  readonly id: string;
  readonly title: string;
  readonly pages: string;
  readonly isbn?: string;
  readonly authorName: string;
  loans(args: { readonly open: boolean }, context: Context): Promise<number>;
  copies(args: { readonly open: boolean }, context: Context): string;
}
interface Author {
  readonly name: string;
}
type Found = { readonly __typename: 'Author'; readonly name: string } | { readonly __typename: 'Gone' };
interface Reference {
  readonly id: string;
}

/** Types as GraphQL Code Generator makes them, reduced to what they have in common. */
interface BookResolvers {
  __resolveReference: (
    reference: Reference,
    context: Context,
    info: object,
  ) => BookRow | Reference | null | Promise<BookRow | Reference | null>;
  id: Resolver<string, BookRow>;
  title: Resolver<string | null, BookRow>;
  pages: Resolver<number, BookRow>;
  isbn: Resolver<string | null, BookRow>;
  author: Resolver<Author, BookRow>;
  loans: Resolver<number, BookRow, { open: boolean }>;
  copies: Resolver<number, BookRow, { open: boolean }>;
  __isTypeOf?: (object: BookRow, context: Context, info: object) => boolean;
}
interface Types {
  DateTime: GraphQLScalarType;
  Query: { book: Resolver<BookRow | null, Root, { id: string }>; find: Resolver<Found, Root> };
  Book: BookResolvers;
  Author: { name: Resolver<string, Author> };
  Found: { __resolveType: TypeResolver<'Author' | 'Gone', Found> };
  Untold: { __resolveType: TypeResolver<'Author', Author> };
}
type Complete = CompleteResolvers<Types>;

const row: BookRow = {
  id: '1',
  title: 'Emma',
  pages: '3',
  authorName: 'Jane',
  loans: async () => 1,
  copies: () => '1',
};

const Book = {
  __resolveReference: ({ id }) => ({ ...row, id }),
  pages: ({ pages }) => Number(pages),
  isbn: ({ isbn }) => isbn ?? null,
  author: ({ authorName }) => ({ name: authorName }),
  copies: (book, args, context) => Number(book.copies(args, context)),
} satisfies CompleteFields<BookResolvers>;

const Query = { book: () => row, find: () => ({ __typename: 'Gone' }) } satisfies Complete['Query'];
const Untold = { __resolveType: () => 'Author' } satisfies Complete['Untold'];
const complete = { DateTime, Query, Book, Untold } satisfies Complete;

test('fields that their parent gives need no resolvers, nor do types with only such fields', () => {
  expect(Object.keys(complete)).toEqual(['DateTime', 'Query', 'Book', 'Untold']);
  expect(Book.author(row)).toEqual({ name: 'Jane' });
});

test('a field that GraphQL resolves by itself may have a resolver', () => {
  const resolvers = {
    ...complete,
    Author: { name: ({ name }) => name.trim() },
    Book: { ...Book, title: () => null },
  } satisfies Complete;
  expect(resolvers.Book.title()).toBeNull();
});

describe('does not compile', () => {
  const { pages: _pages, ...bookWithoutPages } = Book;
  const { isbn: _isbn, ...bookWithoutIsbn } = Book;
  const { copies: _copies, ...bookWithoutCopies } = Book;
  const { author: _author, ...bookWithoutAuthor } = Book;
  const { __resolveReference: _reference, ...bookWithoutReference } = Book;

  test('a missing resolver', () => {
    void [
      // @ts-expect-error A field of Query has none.
      { ...complete, Query: { book: () => row } } satisfies Complete,
      // @ts-expect-error A field of an object, whose parent has no member of that name.
      { ...complete, Book: bookWithoutAuthor } satisfies Complete,
      // @ts-expect-error The parent's member has another type.
      { ...complete, Book: bookWithoutPages } satisfies Complete,
      // @ts-expect-error The parent's member may be missing.
      { ...complete, Book: bookWithoutIsbn } satisfies Complete,
      // @ts-expect-error The parent's method gives another type.
      { ...complete, Book: bookWithoutCopies } satisfies Complete,
      // @ts-expect-error A reference to an entity leads nowhere.
      { ...complete, Book: bookWithoutReference } satisfies Complete,
      // @ts-expect-error A type with fields that need them has none.
      { DateTime, Query, Untold } satisfies Complete,
      // @ts-expect-error A scalar has none.
      { Query, Book, Untold } satisfies Complete,
      // @ts-expect-error The members of an abstract type without a type name.
      { DateTime, Query, Book } satisfies Complete,
    ];
  });

  test('a wrong resolver', () => {
    void [
      // @ts-expect-error It returns another type.
      { ...complete, Book: { ...Book, author: () => ({ name: 1 }) } } satisfies Complete,
      // @ts-expect-error So does a promise.
      { ...complete, Query: { ...Query, book: async () => ({ id: '1' }) } } satisfies Complete,
      // @ts-expect-error It returns null for a non-nullable field.
      { ...complete, Book: { ...Book, author: () => null } } satisfies Complete,
      // @ts-expect-error One that is not needed, but is wrong.
      { ...complete, Book: { ...Book, title: () => 1 } } satisfies Complete,
      {
        ...complete,
        // @ts-expect-error It takes an argument that does not exist.
        Query: { ...Query, book: (_root: unknown, { isbn }: { isbn: string }) => ({ ...row, isbn }) },
      } satisfies Complete,
      // @ts-expect-error A member of a union without a type name.
      { ...complete, Query: { ...Query, find: () => ({ name: 'Jane' }) } } satisfies Complete,
      // @ts-expect-error The reference itself is not what the fields' resolvers take.
      { ...complete, Book: { ...Book, __resolveReference: (reference: Reference) => reference } } satisfies Complete,
    ];
  });

  test('a superfluous resolver', () => {
    void [
      // @ts-expect-error Query has no such field.
      { ...complete, Query: { ...Query, books: () => [] } } satisfies Complete,
      // @ts-expect-error The object has none.
      { ...Book, publisher: () => null } satisfies CompleteFields<BookResolvers>,
      // @ts-expect-error The schema has no such type.
      { ...complete, Publisher: {} } satisfies Complete,
    ];
  });
});
