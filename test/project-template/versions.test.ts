import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { DEPENDENCIES, DEV_DEPENDENCIES } from '../../lib/project-template/versions';

function installed(name: string): string {
  const file = join(__dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const { 'falco-egress': own, ...others } = DEPENDENCIES;

test.each(Object.entries({ ...others, ...DEV_DEPENDENCIES }))(
  'a new project depends on the %s with which this package is tested',
  (name, version) => {
    expect(version).toBe(installed(name));
  },
);

test('and on this version of it', () => {
  expect(own).toBe(packageJson.version);
});
