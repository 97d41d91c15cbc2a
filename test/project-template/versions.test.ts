import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import {
  ACTIONS,
  DEPENDENCIES,
  DEV_DEPENDENCIES,
  NODE_OF_WORKFLOW,
} from '../../lib/project-template/versions';

function installed(name: string): string {
  const file = join(__dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const { 'falco-egress': ownVersion, ...others } = DEPENDENCIES;

test.each(Object.entries({ ...others, ...DEV_DEPENDENCIES }))(
  'a new project depends on the %s with which this package is tested',
  (name, version) => {
    expect(version).toBe(installed(name));
  },
);

test('and on this version of it', () => {
  expect(ownVersion).toBe(packageJson.version);
});

test('its workflow uses the actions and the Node of our own', () => {
  const own = readFileSync(join(__dirname, '../../.github/workflows/test.yml'), 'utf8');
  for (const action of Object.values(ACTIONS)) expect(own).toContain(`uses: ${action}\n`);
  expect(own).toContain(`node-version: ${String(NODE_OF_WORKFLOW)}\n`);
});
