import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import { FalcoConfigError } from '../../lib/falco/config';
import { RulesError } from '../../lib/rules/finding';
import { checkSettings, checkTogether, SettingsError } from '../../lib/settings/check';
import { flat } from '../../lib/settings/finding';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';
import { FalcoEgress } from '../../lib/stack';
import { leaves, set, together, type Values } from '../helm/leaves';
import { TAKEN_BY_HELM, WRONG_ALONE, WRONG_TOGETHER } from '../helm/refusals';
import { samples } from '../helm/samples';
import { HELMS } from './helm';
import { HelmRenderer } from './helm-renderer';

/*
 * What our synth refuses, Helm refuses too, and the other way round; before anything is applied.
 */

const renderers = new Map<string, HelmRenderer>();

beforeAll(async () => {
  for (const helm of HELMS) renderers.set(helm, await HelmRenderer.start(helm));
}, 1_200_000);

afterAll(() => {
  renderers.forEach((renderer) => {
    renderer.stop();
  });
});

/** What Helm says where it refuses values; nothing where it takes them. */
async function refusal(helm: string, values: object): Promise<string | undefined> {
  try {
    await renderers.get(helm)?.render(values);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** Why our synth refuses settings. */
function refused(settings: FalcoEgressProps): 'settings' | 'rules' | 'configuration of Falco' | undefined {
  try {
    new FalcoEgress(new Chart(new App(), 'test'), 'falco-egress', settings);
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return 'settings';
    if (error instanceof RulesError) return 'rules';
    if (error instanceof FalcoConfigError) return 'configuration of Falco';
    throw error;
  }
}

describe.each(HELMS)('%s refuses what our synth refuses', (helm) => {
  test.each(WRONG_ALONE)('one value alone: %j', async (values) => {
    expect(refused(together(values))).toBe('settings');
    const said = await refusal(helm, together(values));
    expect(said).toContain('schema');
    // At the value or the key that is wrong, or, of a key, at the map in which it stands.
    const [{ path } = { path: [] }] = checkSettings(fillDefaults(together(values)));
    if (path.length > 0)
      expect([path, path.slice(0, -1)].some((place) => said?.includes(`'/${place.join('/')}'`))).toBe(true);
  });

  test.each(WRONG_TOGETHER)('values together, in the same words: %j', async (values) => {
    const found = flat(checkTogether(fillDefaults(together(values))));
    expect(found).not.toEqual([]);
    expect(checkSettings(fillDefaults(together(values)))).toEqual(found);
    const said = await refusal(helm, together(values));
    for (const { path, message } of found) expect(said).toContain(`\n${path.join('.')}: ${message}`);
    expect(said).not.toContain('s3cret');
  });
});

test.each(TAKEN_BY_HELM)('what Helm cannot see: %s', async (_what, why, values) => {
  expect(refused(together(values))).toBe(why);
  expect(await refusal('helm3', together(values))).toBeUndefined();
});

/** Any setting with any of its samples. */
const setting = fc
  .constantFrom(...leaves())
  .chain((leaf) => fc.constantFrom(...samples(leaf)).map((value): Values => set(leaf.path, value)));

const configuration = fc
  .tuple(
    fc.array(setting, { maxLength: 12 }),
    fc.array(fc.constantFrom(...WRONG_ALONE, ...WRONG_TOGETHER), { maxLength: 1 }),
    fc.array(setting, { maxLength: 4 }),
  )
  .map((parts) => together(...parts.flat()));

test.each(HELMS)(
  'any values: %s refuses them exactly where our synth does',
  async (helm) => {
    await fc.assert(
      fc.asyncProperty(configuration, async (settings) => {
        const said = await refusal(helm, settings);
        const ours = refused(settings);
        // Rules are not checked by Helm: a Job of `helm test` does that, and Falco's own start.
        expect({ refused: said !== undefined, said }).toEqual({ refused: ours === 'settings', said });
      }),
      { numRuns: 40, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: false },
    );
  },
  600_000,
);
