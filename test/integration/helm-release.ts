import { spawn } from 'node:child_process';
import type { ControlPlane } from './control-plane';
import { waitUntil } from './control-plane/wait';
import { CHART, HELM_ENVIRONMENT, type HELMS } from './helm';
import { describeObject, type KubernetesObject, type ObjectMeta } from './manifest-files';

/** A version of Helm. */
export type Helm = (typeof HELMS)[number];

/** Pods never run here, so nothing may be waited for but hooks. */
const NO_WAIT: Readonly<Record<Helm, string>> = { helm3: '--wait=false', helm4: '--wait=hookOnly' };

/** One release of the chart on a control plane. */
export class HelmRelease {
  constructor(
    private readonly plane: ControlPlane,
    private readonly helm: Helm,
    private readonly program: string,
    private readonly name: string,
    private readonly namespace: string,
  ) {}

  /** Throws what Helm says where it refuses. */
  async install(values: object, ...flags: readonly string[]): Promise<string> {
    return this.run(['install', this.name, CHART, '--values', '-', NO_WAIT[this.helm], ...flags], values);
  }

  async upgrade(values: object, ...flags: readonly string[]): Promise<string> {
    return this.run(['upgrade', this.name, CHART, '--values', '-', NO_WAIT[this.helm], ...flags], values);
  }

  async rollback(revision: number): Promise<void> {
    await this.run(['rollback', this.name, String(revision), NO_WAIT[this.helm]]);
  }

  /**
   * Waits until what Helm deletes is gone, as far as the API server and its controllers go.
   *
   * @param options `hooks`: somebody runs the Pods of the hooks meanwhile
   */
  async uninstall({ hooks = false }: { readonly hooks?: boolean } = {}): Promise<void> {
    await this.run(['uninstall', this.name, ...(hooks ? [] : ['--no-hooks'])]);
    await waitUntil(
      async () => (await this.owned()).every(isKept),
      30_000,
      async () => new Error(`left of ${this.name}: ${(await this.owned()).map(describeObject).join(', ')}`),
    );
  }

  private async owned(): Promise<readonly KubernetesObject[]> {
    return (await ownedObjects(this.plane)).filter(
      ({ metadata }) => metadata.annotations?.['meta.helm.sh/release-name'] === this.name,
    );
  }

  /** The bytes of the Secret in which Helm keeps a revision; the API server takes 1 MiB. */
  async recordSize(revision: number): Promise<number> {
    const name = `sh.helm.release.v1.${this.name}.v${revision}`;
    const { stdout } = await this.plane.kubectl(['get', 'secret', name, '-n', this.namespace, '-o', 'json']);
    const { data } = JSON.parse(stdout) as { data: { release: string } };
    return Buffer.from(data.release, 'base64').length;
  }

  private run(args: readonly string[], values: object = {}): Promise<string> {
    return new Promise((done, fail) => {
      const child = spawn(this.program, [...args, '--namespace', this.namespace], {
        env: { ...HELM_ENVIRONMENT, HOME: this.plane.folder, KUBECONFIG: this.plane.kubeconfig },
      });
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
      // Helm may end without reading its input; its exit code says why.
      child.stdin.on('error', () => undefined).end(JSON.stringify(values));
      child.once('error', fail);
      child.once('close', (code) => {
        if (code === 0) done(output);
        else fail(new Error(`helm ${args.join(' ')}: ${errors}`));
      });
    });
  }
}

/** Kinds of the API that can be listed; what controllers make of others is left out. */
async function kinds(plane: ControlPlane): Promise<string> {
  const { stdout } = await plane.kubectl(['api-resources', '--verbs=list,delete', '-o', 'name']);
  const made = /^(events|pods|replicasets|controllerrevisions|endpoints|endpointslices|leases)(\.|$)/;
  return stdout
    .split('\n')
    .filter((kind) => kind !== '' && !made.test(kind))
    .join(',');
}

/** All objects that carry Helm's label, in the order of their names. */
export async function ownedObjects(plane: ControlPlane): Promise<readonly KubernetesObject[]> {
  const selector = ['--all-namespaces', '-l', 'app.kubernetes.io/managed-by=Helm'];
  const { code, stdout, stderr } = await plane.kubectl([
    'get',
    await kinds(plane),
    ...selector,
    '-o',
    'json',
  ]);
  if (code !== 0) throw new Error(stderr);
  const { items } = JSON.parse(stdout) as { items: KubernetesObject[] };
  return items.sort((a, b) => (describeObject(a) < describeObject(b) ? -1 : 1));
}

/** Whether an object outlives its release. */
export function isKept({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.['helm.sh/resource-policy'] === 'keep';
}

/** By name what was written of each object by whoever is no controller, to see whether anything was written since. */
export async function writings(plane: ControlPlane): Promise<ReadonlyMap<string, string>> {
  return new Map(
    (await ownedObjects(plane)).map((object) => [describeObject(object), JSON.stringify(writing(object))]),
  );
}

function writing(object: KubernetesObject): unknown {
  const { status: _status, metadata, ...content } = object;
  const { resourceVersion, annotations, ...meta } = metadata as ServerMeta;
  return {
    ...content,
    meta,
    annotations: ownAnnotations(annotations),
    // What has a spec has a generation, and a status to which controllers write.
    resourceVersion: 'spec' in content ? undefined : resourceVersion,
  };
}

/** What the API server adds to an object's metadata. */
interface ServerMeta extends ObjectMeta {
  readonly resourceVersion: string;
}

/** Without those of the Deployment and the DaemonSet controllers. */
function ownAnnotations(annotations: ObjectMeta['annotations'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !/^(deployment\.kubernetes\.io|deprecated\.)/.test(key)),
  );
}

/** Names of objects that came, went or changed between two readings. */
export function changedBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort();
}

/** What another object of the same name has of its own: addresses of a Service, the identity of a Job. */
const OWN_OF_EACH = /^(clusterIPs?|(batch\.kubernetes\.io\/)?controller-uid)$/;

/** What was asked for of each object: without what the API server, its controllers and Helm's own record add. */
export function wanted(objects: readonly KubernetesObject[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    objects.map((object): [string, unknown] => {
      const { status: _status, metadata, ...content } = object;
      const { labels, annotations } = metadata;
      const text = JSON.stringify(
        { ...content, labels, annotations: ownAnnotations(annotations) },
        (key, value: unknown) => (OWN_OF_EACH.test(key) ? undefined : value),
      );
      return [describeObject(object), JSON.parse(text)];
    }),
  );
}
