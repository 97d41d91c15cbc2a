import {
  isScalar,
  eachText,
  gone,
  resources,
  taken,
  text,
  unless,
  whole,
  type Mapping,
  type Table,
} from './mapping';

/** What the charts call an image's place; one registry serves them all by default. */
const REGISTRIES = ['docker.io', 'falco.docker.scarf.sh', 'public.ecr.aws'];

/** Settings that the Pods of a component share, as the charts name them. */
export function pod(setting: string): Table {
  return {
    resources: resources(`${setting}.resources`),
    nodeSelector: eachText(`${setting}.nodeSelector`),
    tolerations: taken(`${setting}.tolerations`),
    affinity: taken(`${setting}.affinity`),
    podLabels: eachText(`${setting}.labels`),
    podAnnotations: eachText(`${setting}.annotations`),
    priorityClassName: text(`${setting}.priorityClassName`),
  };
}

/** A component whose Pods a Deployment keeps. */
export function replicated(setting: string): Table {
  return { ...pod(setting), replicaCount: whole(`${setting}.replicas`) };
}

/** An image; of its tag nothing is taken, since versions belong together and the stack pins them. */
export function image(name: string, repositories: readonly string[]): Table {
  return {
    'image.registry': unless(REGISTRIES, `the chart's default`, registry(name)),
    'image.repository': unless(
      [...repositories, ...REGISTRIES.flatMap((host) => repositories.map((path) => `${host}/${path}`))],
      `the chart's default`,
      repository(name),
    ),
    'image.tag': gone(`the stack's versions go together; to pin another one, set images.${name}.tag`),
    'image.pullPolicy': text('images.pullPolicy'),
    'image.pullSecrets': pullSecrets,
  };
}

/** Images that the official chart runs as another one: Falco's, with a shell in it. */
const SIBLINGS: Readonly<Record<string, readonly string[] | undefined>> = { falco: ['falcoShell'] };

/** Where an image comes from; the stack has more images than the chart, which nothing says this registry holds. */
function registry(name: string): Mapping {
  return {
    apply: (item, draft) => {
      if (!isScalar(item.value)) draft.unmapped(item, 'expected text');
      else
        draft.takeAll(
          item,
          [name, ...(SIBLINGS[name] ?? [])].map((image) => [
            ['images', image, 'registry'],
            String(item.value),
          ]),
          'for this image alone: where it mirrors all, set images.registry; images.txt lists them',
        );
    },
  };
}

/** A repository may begin with its registry. */
function repository(name: string): Mapping {
  return {
    apply: (item, draft) => {
      const [first = '', ...rest] = isScalar(item.value) ? String(item.value).split('/') : [];
      if (rest.length > 0 && /[.:]/.test(first))
        draft.takeAll(item, [
          [['images', name, 'registry'], first],
          [['images', name, 'repository'], rest.join('/')],
        ]);
      else text(`images.${name}.repository`).apply(item, draft, undefined);
    },
  };
}

/** Names, or objects with a name. */
export const pullSecrets: Mapping = {
  apply: (item, draft) => {
    const list = Array.isArray(item.value) ? (item.value as unknown[]) : [item.value];
    const names = list.map((entry) =>
      typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : entry,
    );
    draft.take(item, ['images', 'pullSecrets'], names);
  },
};
