import { join, resolve } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import fc from 'fast-check';
import { FalcoConfigError } from '../../lib/falco/config';
import { FALCO_VERSIONS, falcoVersion } from '../../lib/falco/versions';
import { addHooks } from '../../lib/helm/hooks';
import { RulesError } from '../../lib/rules/finding';
import { SettingsError } from '../../lib/settings/check';
import { settingsDefaults, type FalcoEgressProps } from '../../lib/settings/settings';
import { FalcoEgress } from '../../lib/stack';
import { findEnvironments, loadEnvironment } from '../../lib/synth/environment';
import { diffObjects, renderChanges } from '../../lib/synth/object-diff';
import type { KubeObject } from '../constructs';
import { CONTEXTS } from '../helm/contexts';
import { leaves, set, together, type Values } from '../helm/leaves';
import { fragments } from '../helm/falco-config-fragments';
import { samples } from '../helm/samples';
import { HELMS, helmPrograms, helmTemplate } from './helm';
import { HelmRenderer } from './helm-renderer';

/*
 * The chart is the same product: `helm template` gives, field by field, the objects that our synth gives for the same
 * settings.
 */

/** So many renderings asked for at once: Helm does the next while the last is compared. */
const AT_ONCE = 3;

let programs: ReadonlyMap<string, string>;
const renderers = new Map<string, HelmRenderer>();

beforeAll(async () => {
  programs = await helmPrograms();
  for (const helm of HELMS) renderers.set(helm, await HelmRenderer.start(helm));
}, 1_200_000);

afterAll(() => {
  renderers.forEach((renderer) => {
    renderer.stop();
  });
});

/** The objects of our synth, and the hooks that only the chart has; nothing for settings that it refuses. */
function synthesized(settings: FalcoEgressProps): KubeObject[] | undefined {
  const chart = new Chart(new App(), 'test');
  try {
    addHooks(new FalcoEgress(chart, 'falco-egress', settings), settings);
  } catch (error) {
    const refused = [SettingsError, RulesError, FalcoConfigError].some((kind) => error instanceof kind);
    if (refused) return undefined;
    throw error;
  }
  return chart.node
    .findAll()
    .filter((node) => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as KubeObject);
}

/** How the chart differs from our synth; empty where it does not. */
async function difference(
  helm: string,
  settings: FalcoEgressProps,
  ours: readonly KubeObject[],
  options: { readonly skipSchema?: boolean } = {},
): Promise<string> {
  try {
    return renderChanges(diffObjects(ours, (await renderers.get(helm)?.render(settings, options)) ?? []));
  } catch (error) {
    return String(error);
  }
}

/** The same, of the command that people use. */
async function templateDifference(
  helm: string,
  settings: FalcoEgressProps,
  ours: readonly KubeObject[],
): Promise<string> {
  return renderChanges(diffObjects(ours, await helmTemplate(programs.get(helm) ?? helm, settings, [])));
}

/** One after the other, but several at once. */
async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}

const environments = findEnvironments(resolve(__dirname, '../../environments'));

describe.each(HELMS)('%s', (helm) => {
  test.each(Object.keys(CONTEXTS))('context %s', async (name) => {
    const settings = together(CONTEXTS[name] ?? {});
    expect(await templateDifference(helm, settings, synthesized(settings) ?? [])).toBe('');
  });

  test.each([...environments.keys()])('environment %s', async (name) => {
    const { settings } = loadEnvironment(environments.get(name) ?? join(name));
    expect(await templateDifference(helm, settings, synthesized(settings) ?? [])).toBe('');
  });
});

function valueAt(settings: object, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Values)[key], settings);
}

/** Objects of the stack as text, without the one that a digest of all settings stands on, and what `helm test` runs. */
function effect(objects: readonly KubeObject[]): string {
  return JSON.stringify(
    objects.filter(
      ({ metadata }) =>
        !metadata.name.endsWith('-installation') && metadata.annotations?.['helm.sh/hook'] !== 'test',
    ),
  );
}

/** One value of a leaf, in the first context in which it changes an object. */
interface Configuration {
  readonly path: string;
  readonly context: string;
  readonly settings: FalcoEgressProps;
  readonly objects: readonly KubeObject[];
}

const unchanged = new Map<string, string>();

function effective(path: string, value: unknown): Configuration | undefined {
  for (const [context, values] of Object.entries(CONTEXTS)) {
    const settings = together(values, set(path, value));
    const objects = synthesized(settings);
    const before = unchanged.get(context) ?? effect(synthesized(together(values)) ?? []);
    unchanged.set(context, before);
    if (objects !== undefined && effect(objects) !== before) return { path, context, settings, objects };
  }
  return undefined;
}

let found: ReturnType<typeof findAlone> | undefined;

function findAlone() {
  return leaves().map((leaf) => ({
    path: leaf.path,
    configurations: samples(leaf).flatMap((value) => effective(leaf.path, value) ?? []),
  }));
}

/** Each value of each leaf that does something; asked for by both Helms, found once. */
const alone = () => (found ??= findAlone());

test('each value does something', () => {
  // There is one version of Falco yet.
  expect(
    alone()
      .filter(({ configurations }) => configurations.length === 0)
      .map(({ path }) => path),
  ).toEqual(['falco.version']);
}, 600_000);

test.each(HELMS)(
  'each value alone changes what it changes in our synth, with %s',
  async (helm) => {
    const configurations = alone().flatMap((leaf) => leaf.configurations);
    expect(configurations.length).toBeGreaterThan(300);
    console.log(`${helm}: ${configurations.length} values, each alone`);
    const differences: string[] = [];
    await forAll(configurations, async ({ path, context, settings, objects }) => {
      const found = await difference(helm, settings, objects);
      if (found !== '') differences.push(`${path} in ${context}: ${JSON.stringify(settings)}\n${found}`);
    });
    expect(differences).toEqual([]);
  },
  600_000,
);

/** The settings that are on or off, each the other way round. */
const switches = leaves()
  .filter(({ schema }) => schema.is === 'boolean')
  .map(({ path }) => set(path, valueAt(settingsDefaults, path) !== true));

test.each(HELMS)(
  'each pair of switches gives the same with %s',
  async (helm) => {
    const pairs = switches.flatMap((one, i) => switches.slice(i + 1).map((other) => together(one, other)));
    const taken = pairs.flatMap((settings) => {
      const objects = synthesized(settings);
      return objects === undefined ? [] : [{ settings, objects }];
    });
    expect(taken.length).toBeGreaterThan(pairs.length / 2);
    // One and then the other: each Helm has taken each value alone.
    const ours = taken.filter((_, index) => HELMS[index % HELMS.length] === helm);
    console.log(`${helm}: ${ours.length} of ${taken.length} pairs of switches`);
    const differences: string[] = [];
    await forAll(ours, async ({ settings, objects }) => {
      // The schema sees each value alone, which is checked above, and to read it takes long.
      const found = await difference(helm, settings, objects, { skipSchema: true });
      if (found !== '') differences.push(`${JSON.stringify(settings)}\n${found}`);
    });
    expect(differences).toEqual([]);
  },
  600_000,
);

test('each key of falco.config alone, wherever our synth takes it', async () => {
  const all = FALCO_VERSIONS.flatMap((version) => fragments(falcoVersion(version).configSchema()));
  const taken = all.flatMap((config) => {
    const settings = together({ falco: { config } });
    const objects = synthesized(settings);
    return objects === undefined ? [] : [{ settings, objects }];
  });
  expect(taken.length).toBeGreaterThan(all.length / 2);
  expect(taken.map(({ settings }) => settings.falco?.config)).toContainEqual({
    engine: { modern_ebpf: { buf_size_preset: 1 } },
  });
  const differences: string[] = [];
  await forAll(taken, async ({ settings, objects }) => {
    const found = await difference('helm3', settings, objects);
    if (found !== '') differences.push(`${JSON.stringify(settings)}\n${found}`);
  });
  expect(differences).toEqual([]);
}, 600_000);

/** Any setting with any of its samples. */
const setting = fc
  .constantFrom(...leaves())
  .chain((leaf) => fc.constantFrom(...samples(leaf)).map((value): Values => set(leaf.path, value)));

const configuration = fc
  .tuple(fc.subarray(Object.values(CONTEXTS), { maxLength: 3 }), fc.array(setting, { maxLength: 12 }))
  .map(([contexts, settings]) => together(...contexts, ...settings))
  .filter((settings) => synthesized(settings) !== undefined);

test.each(HELMS)(
  'any values together give the same with %s',
  async (helm) => {
    await fc.assert(
      fc.asyncProperty(configuration, async (settings) => {
        expect(await difference(helm, settings, synthesized(settings) ?? [])).toBe('');
      }),
      { numRuns: 40, interruptAfterTimeLimit: 240_000, markInterruptAsFailure: false },
    );
  },
  600_000,
);
