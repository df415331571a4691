import { isSocketUrl, readSocketUrl, writeSocketUrl } from './unix-socket.ts';

test.each([
  ['unix:///run/shop/user.sock', '/run/shop/user.sock', undefined],
  ['unix:///run/a.sock?path=/api/graphql', '/run/a.sock', '/api/graphql'],
  ['unix:///run/a.sock?path=/x%3Fk=1', '/run/a.sock', '/x?k=1'],
  ['unix:///run/a%2Cb%25c%3Fd%20%C3%A9.sock', '/run/a,b%c?d é.sock', undefined],
  // Nothing of the URL may end the first line of a request.
  ['unix:///run/a.sock?path=/x%20HTTP/1.1%0D%0Ay:%20z', '/run/a.sock', '/x%20HTTP/1.1y:%20z'],
  ['unix:///run/a.sock?path=//b/c', '/run/a.sock', '//b/c'],
])('reads %s', (url, socketPath, path) => {
  expect(readSocketUrl(url)).toEqual({ socketPath, path });
});

test.each([
  ['unix:/run/a.sock', 'must start with unix:/// and an absolute path'],
  ['unix://run/a.sock', 'must start with unix:/// and an absolute path'],
  ['unix:a.sock', 'must start with unix:/// and an absolute path'],
  ['UNIX:///run/a.sock', 'must start with unix:/// and an absolute path'],
  ['unix:///run/', 'must name the file of a socket, not a directory'],
  ['unix:///run/a.sock:/graphql', 'has ":/". Give the path of a request as ?path=/graphql'],
  ['unix:///run/%zz', 'is not percent-encoded as a URL'],
  ['unix:///run/a%00', 'must not have a NUL character'],
  ['unix:///run/a.sock?path=graphql', 'has a path of the request that does not start with /'],
  ['unix:///run/a.sock?paht=/graphql', 'may have one parameter only'],
  ['unix:///run/a.sock?path=/a&path=/b', 'may have one parameter only'],
  ['unix:///run/a.sock#x', 'may have one parameter only'],
  [`unix:///${'é'.repeat(60)}`, 'has a path of 121 bytes, and that of a socket may have 10'],
])('refuses %s', (url, message) => {
  expect(isSocketUrl(url)).toBe(true);
  expect(() => readSocketUrl(url)).toThrow(message);
});

test('writes a URL that reads as the same path', () => {
  const socketPath = '/run/a b/é,?#%:/c.sock';
  expect(readSocketUrl(writeSocketUrl(socketPath)).socketPath).toBe(socketPath);
  expect(isSocketUrl('http://unix:/run')).toBe(false);
});
