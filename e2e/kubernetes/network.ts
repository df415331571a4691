import { listPods, type Manifest, matches, type Part, type Pod } from './objects.ts';

/** The connections that the policies of a namespace allow. */
export interface Connections {
  /** Between pods of the namespace: `Deployment/a -> Deployment/b:4000`. */
  readonly inside: string[];
  /** From other namespaces: `ingress-nginx -> Deployment/a:4000`. */
  readonly fromOutside: string[];
  /** To any address: `Deployment/a -> anywhere:443`. */
  readonly toOutside: string[];
}

/** Evaluates all network policies for every pair of pods and every port on which a pod listens. */
export function findConnections(objects: readonly Manifest[]): Connections {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
  const pods = listPods(objects);
  const select = (pod: Pod, type: 'Ingress' | 'Egress') =>
    policies.filter((policy) => policy.policyTypes.includes(type) && matches(policy.podSelector, pod.labels));
  const isAllowed = (from: Pod, to: Pod, name: string): boolean => {
    const port = { name, number: to.ports[name] as number };
    const [leaving, entering] = [select(from, 'Egress'), select(to, 'Ingress')];
    const leaves = leaving.some(({ egress = [] }) =>
      egress.some((rule: Part) => hasPort(rule, port) && (rule.to === undefined || rule.to.some(isPeer(to)))),
    );
    const enters = entering.some(({ ingress = [] }) =>
      ingress.some((rule: Part) => hasPort(rule, port) && (rule.from === undefined || rule.from.some(isPeer(from)))),
    );
    return (leaves || leaving.length === 0) && (enters || entering.length === 0);
  };
  return {
    inside: pods.flatMap((from) =>
      pods.flatMap((to) =>
        Object.keys(to.ports)
          .filter((name) => isAllowed(from, to, name))
          .map((name) => `${from.owner} -> ${to.owner}:${to.ports[name]}`),
      ),
    ),
    fromOutside: pods.flatMap((to) =>
      Object.entries(to.ports).flatMap(([name, number]) =>
        select(to, 'Ingress')
          .flatMap(({ ingress = [] }) => ingress)
          .filter((rule: Part) => hasPort(rule, { name, number }))
          .flatMap((rule: Part) => listNamespaces(rule.from))
          .map((namespace) => `${namespace} -> ${to.owner}:${number}`),
      ),
    ),
    toOutside: pods.flatMap((from) =>
      select(from, 'Egress')
        .flatMap(({ egress = [] }) => egress)
        .flatMap((rule: Part) => {
          const places = rule.to === undefined ? ['anywhere'] : listNamespaces(rule.to);
          return places.flatMap((place) => rule.ports.map(({ port }: Part) => `${from.owner} -> ${place}:${port}`));
        }),
    ),
  };
}

const isPeer = (pod: Pod) => (peer: Part) =>
  peer.namespaceSelector === undefined && matches(peer.podSelector, pod.labels);

/** Without ports, a rule allows all of them. */
const hasPort = (rule: Part, { name, number }: { name: string; number: number }): boolean =>
  rule.ports === undefined || rule.ports.some(({ port }: Part) => port === name || port === number);

const listNamespaces = (peers: Part = [{ namespaceSelector: {} }]): string[] =>
  peers
    .filter((peer: Part) => peer.namespaceSelector !== undefined)
    .map((peer: Part) => peer.namespaceSelector.matchLabels?.['kubernetes.io/metadata.name'] ?? 'every namespace');
