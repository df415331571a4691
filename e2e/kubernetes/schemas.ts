import { type Manifest, nameOf, type Part } from './objects.ts';

/** The package with the schemas of a group of APIs. `undefined`: no package has them. */
const packages: Readonly<Record<string, string | undefined>> = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
};

type Model = { prototype: { validate: (this: Part) => void } };

/** Objects without a schema of their own, and the part of them that has one. */
const partly: Readonly<Record<string, { readonly module: string; readonly part: (object: Manifest) => Part }>> = {
  ObjectStore: {
    module:
      '@kubernetes-models/cloudnative-pg/github.com/cloudnative-pg/barman-cloud/pkg/api/BarmanObjectStoreConfiguration',
    part: ({ spec }) => spec.configuration,
  },
};

/** The mistakes in objects by the schemas of their APIs: wrong types, missing fields, and fields that the schema does not know. */
export async function findSchemaErrors(objects: readonly Manifest[]): Promise<string[]> {
  const errors: string[] = [];
  // One after another: Jest does not load a module twice at once.
  for (const object of objects) errors.push(...(await findErrors(object)));
  return errors;
}

async function findErrors(object: Manifest): Promise<string[]> {
  const { apiVersion, kind } = object;
  const group = apiVersion.includes('/') ? String(apiVersion.split('/')[0]) : '';
  const special = partly[kind];
  const from = special?.module ?? `${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
  const model = Object.values((await import(from)) as Record<string, Model>)[0] as Model;
  const watched = watch(special === undefined ? object : special.part(object));
  try {
    model.prototype.validate.call(watched.value);
  } catch (error) {
    return [`${nameOf(object)}: ${(error as Error).message}`];
  }
  return watched.listUnread().map((place) => `${nameOf(object)}: the schema has no field ${place}`);
}

/**
 * The validators of the package accept any further field, so a misspelt one would pass. A validator reads each field that it knows, or
 * goes through all keys of a map: a field that is never read is unknown.
 */
function watch(root: Part): { value: Part; listUnread: () => string[] } {
  const seen: { place: string; target: Part; read: Set<string>; isMap: boolean }[] = [];
  const wrapped = new Map<Part, Part>();
  const wrap = (target: Part, place: string): Part => {
    if (typeof target !== 'object' || target === null) return target;
    const known = wrapped.get(target);
    if (known !== undefined) return known;
    const record = { place, target, read: new Set<string>(), isMap: Array.isArray(target) };
    seen.push(record);
    const proxy = new Proxy(target, {
      get(object, key) {
        if (typeof key === 'string') record.read.add(key);
        return wrap(object[key], `${place}/${String(key)}`);
      },
      ownKeys(object) {
        record.isMap = true;
        return Reflect.ownKeys(object);
      },
    });
    wrapped.set(target, proxy);
    return proxy;
  };
  return {
    value: wrap(root, ''),
    listUnread: () =>
      seen
        // A part of which nothing is read has no schema.
        .filter(({ isMap, read }) => !isMap && read.size > 0)
        .flatMap(({ place, target, read }) =>
          Object.keys(target)
            .filter((key) => !read.has(key))
            .map((key) => `${place}/${key}`),
        ),
  };
}
