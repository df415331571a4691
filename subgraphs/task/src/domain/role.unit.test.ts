import { isAllowed, leastRoles, roles, type Action } from './role.ts';

const matrix = `
  action          | OWNER | MANAGER | MEMBER | VIEWER
  READ            | yes   | yes     | yes    | yes
  CREATE_TASK     | yes   | yes     | yes    | no
  CHANGE_TASK     | yes   | yes     | yes    | no
  COMMENT         | yes   | yes     | yes    | no
  DELETE_OWN_TASK | yes   | yes     | yes    | no
  DELETE_TASK     | yes   | yes     | no     | no
  CHANGE_PROJECT  | yes   | yes     | no     | no
  CHANGE_MEMBERS  | yes   | yes     | no     | no
  CHANGE_OWNERS   | yes   | no      | no     | no
  ARCHIVE_PROJECT | yes   | no      | no     | no
  DELETE_PROJECT  | yes   | no      | no     | no`;

test('each role may do what the matrix says, and nobody without a role may do anything', () => {
  const actions = Object.keys(leastRoles) as Action[];
  const cells = (row: readonly string[]) => row.map((cell) => cell.trim()).join(' | ');
  const actual = [
    cells(['action', ...roles]),
    ...actions.map((action) => cells([action, ...roles.map((role) => (isAllowed(role, action) ? 'yes' : 'no'))])),
  ];
  const expected = matrix
    .trim()
    .split('\n')
    .map((line) => cells(line.split('|')));
  expect(actual).toEqual(expected);
  expect(actions.filter((action) => isAllowed(null, action))).toEqual([]);
});
