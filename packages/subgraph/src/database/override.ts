/** Returns an object with other members in place of its own. Its other methods still belong to it. */
export function override<Target extends object>(target: Target, members: object): Target {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(members, name)) return members[name as keyof typeof members];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
