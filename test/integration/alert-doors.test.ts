import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { allows, type End, type NetworkPolicy, type PodEnd } from '../../lib/containment';
import type { Component } from '../../lib/names';
import { askCyclonus, cyclonusBinary, type Case } from './containment/cyclonus';
import { readManifests } from './manifest-files';

/*
 * An alert that any other Pod posts must never cause an action: by the policies of every committed environment nobody but
 * those who have alerts to bring gets to the ports that take them, by cyclonus and by our own reading; and where anything
 * acts, whoever gets there all the same is asked for a certificate.
 */

const MANIFESTS = resolve(__dirname, '../../manifests');
const COMPONENT = 'app.kubernetes.io/component';
const NAME = 'kubernetes.io/metadata.name';

/** Ports behind which alerts are believed, shown or kept, and who may get there. */
const DOORS: readonly {
  readonly to: Component;
  readonly port: number;
  readonly from: readonly Component[];
}[] = [
  { to: 'sidekick', port: 2801, from: ['falco', 'responder'] },
  { to: 'responder', port: 8080, from: ['sidekick', 'collector'] },
  { to: 'sidekick-ui', port: 2802, from: ['sidekick'] },
  { to: 'sidekick-ui-store', port: 6379, from: ['sidekick-ui'] },
];

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
}

/** Somebody who might connect. */
interface Caller {
  readonly who: string;
  readonly end: End;
  /** Of our own Pods, where they belong. */
  readonly component?: string;
}

let binary: string;

beforeAll(async () => {
  binary = await cyclonusBinary();
}, 900_000);

const environments = readdirSync(MANIFESTS);

async function objectsOf(environment: string): Promise<readonly KubeObject[]> {
  const manifests = await readManifests(join(MANIFESTS, environment));
  return manifests.map(({ object }) => object as unknown as KubeObject);
}

function podEnd(namespace: string, labels: Readonly<Record<string, string>>): PodEnd {
  return { kind: 'pod', namespace, namespaceLabels: { [NAME]: namespace }, labels, address: '10.1.1.1' };
}

/** Every Pod of the stack, and others that would like to be taken for one. */
function callersOf(objects: readonly KubeObject[]): Caller[] {
  const own = objects.flatMap(({ metadata: { name, namespace = '' }, spec }): Caller[] => {
    const labels = spec?.template?.metadata?.labels;
    if (labels === undefined) return [];
    return [{ who: name, end: podEnd(namespace, labels), component: labels[COMPONENT] ?? '' }];
  });
  const namespaces = [...new Set(own.map(({ end }) => (end as PodEnd).namespace)), 'default', 'kube-system'];
  const strangers = namespaces.map((namespace): Caller => ({
    who: `a stranger in ${namespace}`,
    end: podEnd(namespace, { app: 'nginx' }),
  }));
  const impostors = own.map(({ who, end }): Caller => ({
    who: `one with the labels of ${who} elsewhere`,
    end: podEnd('demo-of-somebody', (end as PodEnd).labels),
  }));
  const outside = ['203.0.113.7', '10.0.0.1', '2001:db8::7'].map((address): Caller => ({
    who: address,
    end: { kind: 'outside', address },
  }));
  return [...own, ...strangers, ...impostors, ...outside];
}

describe.each(environments)('%s', (environment) => {
  test('nobody gets to a port that takes alerts but those who bring them', async () => {
    const objects = await objectsOf(environment);
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as NetworkPolicy[];
    const callers = callersOf(objects);
    const there = new Set(callers.map(({ component }) => component));
    const tried = DOORS.filter(({ to }) => there.has(to)).flatMap(({ to, port, from }) => {
      const destination = callers.find(({ component }) => component === to)?.end;
      if (destination === undefined) throw new Error(`no ${to}`);
      return callers
        .filter(({ end }) => end !== destination)
        .map(({ who, end, component = '' }) => ({
          what: `${who} to ${to}`,
          wanted: (from as readonly string[]).includes(component),
          case: { policies, connection: { source: end, destination, protocol: 'TCP', port } } satisfies Case,
        }));
    });
    expect(tried.length).toBeGreaterThanOrEqual(10);
    const judged = askCyclonus(
      binary,
      tried.map((each) => each.case),
    );
    const wrong = tried.flatMap(({ what, wanted, case: { connection } }, index) => {
      const { egress, ingress } = judged[index]?.documented ?? {};
      const ours = allows(policies, connection);
      const cyclonus = egress === true && ingress === true;
      const said = { cyclonus, ours: ours.egress.allowed && ours.ingress.allowed };
      // A stranger's own policies are its own to write: what counts is who is let in.
      const open = wanted ? cyclonus : ingress === true;
      return open === wanted && said.cyclonus === said.ours ? [] : [{ what, wanted, ...said, open }];
    });
    expect(wrong).toEqual([]);
    expect(tried.filter(({ wanted }) => wanted).length).toBeGreaterThanOrEqual(
      there.has('responder') ? 2 : 1,
    );
  });

  test('where anything acts, falcosidekick and the responder ask everybody for a certificate', async () => {
    const objects = await objectsOf(environment);
    const file = (name: string): unknown => {
      const [text] = objects.flatMap(({ data = {} }) => (Object.hasOwn(data, name) ? [data[name]] : []));
      return text === undefined ? undefined : load(text);
    };
    const responder = file('responder.json') as
      | {
          tls?: { clientCaFile?: string };
          authentication: { tokenFile?: string };
          responses: { action: string; mode?: string }[];
        }
      | undefined;
    const acting = (responder?.responses ?? []).filter(
      ({ action, mode }) => action !== 'notify' && mode !== undefined && mode !== 'observe',
    );
    if (acting.length === 0) return;
    expect(responder?.tls?.clientCaFile).toMatch(/./);
    expect(responder?.authentication.tokenFile).toMatch(/./);
    expect(file('config.yaml')).toMatchObject({
      tlsserver: {
        ...{ deploy: true, mutualtls: true, cacertfile: expect.stringMatching(/./) as string },
        // What answers without a certificate takes no alerts.
        notlspaths: ['/healthz', '/metrics', '/ping'],
      },
    });
  });
});

test('an environment among them acts', async () => {
  const all = await Promise.all(environments.map(objectsOf));
  const configs = all.flat().flatMap(({ data = {} }) => data['responder.json'] ?? []);
  expect(configs.filter((text) => /"mode": ?"(enforce|approve)"/.test(text))).not.toEqual([]);
});
