import { changeProfile, type User } from './user.ts';

const user: User = {
  id: 'u',
  email: 'ada@example.com',
  name: 'Ada',
  phone: '123',
  role: 'CUSTOMER',
  active: true,
  emailVerified: true,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const at = new Date(1);

describe('changing a profile', () => {
  test.each([
    [{}, []],
    [{ name: undefined, phone: undefined }, []],
    [{ name: 'Ada', phone: '123' }, []],
    [{ name: 'Grace' }, ['name']],
    [{ phone: null }, ['phone']],
    [{ name: 'Grace', phone: null }, ['name', 'phone']],
  ])('to %j reports the changed fields %j', (wish, changed) => {
    const change = changeProfile(user, wish, at);
    expect(change.changed).toEqual(changed);
    expect(change.user).toEqual(changed.length === 0 ? user : { ...user, ...wish, updatedAt: at });
  });
});
