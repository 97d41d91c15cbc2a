import { ProgramConfigMaps, type ProgramConfigMapsProps } from '../../lib/constructs/program';
import { MAX_PART_BASE64 } from '../../lib/program/part-size';
import { readProgram } from '../../lib/program/parts';
import { synthesize, type KubeObject } from '../constructs';
import { FAKE_PROGRAM } from './fake-program';

/** `kubectl apply` keeps the object in an annotation of at most this. */
const ANNOTATION_LIMIT = 256 * 1024;

function configMaps(props: Partial<ProgramConfigMapsProps> = {}): KubeObject[] {
  return synthesize(
    (scope) =>
      new ProgramConfigMaps(scope, 'program', { cluster: 'prod-eu-1', program: FAKE_PROGRAM, ...props }),
  );
}

function names(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => metadata.name);
}

test('the program as ConfigMaps', () => {
  expect(configMaps()).toMatchSnapshot();
});

test('the program of this package fits', () => {
  const objects = configMaps({ program: undefined });
  const files = objects.flatMap(({ data, binaryData }) =>
    Object.keys({ ...(data as object), ...(binaryData as object) }),
  );
  expect(files.sort()).toEqual(
    ['start.cjs', 'index.json', ...readProgram().parts.map(({ name }) => name)].sort(),
  );
  for (const object of objects) {
    const { binaryData = {} } = object as { binaryData?: Record<string, string> };
    for (const base64 of Object.values(binaryData))
      expect(base64.length).toBeLessThanOrEqual(MAX_PART_BASE64);
    expect(JSON.stringify(object).length).toBeLessThan(ANNOTATION_LIMIT);
  }
});

test('another program has other names, so that the Pods of the old one keep theirs', () => {
  const old = names(configMaps());
  const others = [
    { ...FAKE_PROGRAM, index: '{"sha256":"e"}\n' },
    { ...FAKE_PROGRAM, start: '// another start\n' },
  ].flatMap((program) => names(configMaps({ program })));
  expect(others.filter((name) => old.includes(name))).toEqual([]);
  expect(configMaps().every((object) => object['immutable'] === true)).toBe(true);
});

test.each<Partial<ProgramConfigMapsProps>>([
  { responder: { program: 'image' } },
  { responder: { enabled: false }, secrets: { source: 'existing' } },
  { responder: { enabled: false }, sidekickUi: { enabled: false } },
])('none with %j', (props) => {
  expect(configMaps(props)).toEqual([]);
});

test('the Job alone needs it too', () => {
  expect(configMaps({ responder: { enabled: false } })).toHaveLength(3);
});
