import type { Values } from '../helm/leaves';
import { helmLint, HELMS, helmPrograms, helmTemplate } from './helm';

let programs: ReadonlyMap<string, string>;

beforeAll(async () => {
  programs = await helmPrograms();
}, 1_200_000);

/** Values that Helm refuses before anything is applied, and what it says. */
const WRONG: readonly [Values, string][] = [
  [{ sidekik: {} }, 'sidekik'],
  [{ sidekick: { replica: 2 } }, 'replica'],
  [{ sidekick: { replicas: 0 } }, '/sidekick/replicas'],
  [{ sidekick: { enabled: 'maybe' } }, '/sidekick/enabled'],
  [{ falco: { config: { prioritty: 'debug' } } }, 'prioritty'],
  [{ falco: { version: '0.1' } }, '/falco/version'],
  [{ name: 'a'.repeat(50) }, 'name: '],
  [{ namespaces: { node: 'Not_A_Name' } }, '/namespaces/node'],
  [{ exempt: { values: [] } }, '/exempt/values'],
];

describe.each(HELMS)('%s', (helm) => {
  test('finds nothing to say about the chart', async () => {
    const said = await helmLint(programs.get(helm) ?? helm);
    expect(said).toContain('1 chart(s) linted');
    expect(said).not.toMatch(/\[(INFO|WARNING|ERROR)\]/);
  });

  test.each(WRONG)('refuses %j', async (values, said) => {
    await expect(helmTemplate(programs.get(helm) ?? helm, values)).rejects.toThrow(said);
  });
});
