import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Construct } from 'constructs';
import * as library from '../../lib/index';

const text = readFileSync(join(__dirname, '../../docs/reference/constructs.md'), 'utf8');

test('every exported construct has a section, which names its objects', () => {
  const exported = Object.entries(library)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
    .map(([name]) => name);
  const sections = text.split(/^## /m).slice(1);
  expect(sections.map((section) => section.slice(0, section.indexOf('\n'))).sort()).toEqual(exported.sort());
  expect(sections.filter((section) => /^Objects: none/m.test(section))).toEqual([]);
});
