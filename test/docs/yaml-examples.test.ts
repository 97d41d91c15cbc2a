import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { loadEnvironment, type Environment } from '../../lib/synth/environment';
import { synthesize } from '../../lib/synth/synthesize';
import { blocksIn, type Block } from './blocks';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-docs-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const blocks = blocksIn('yaml');

/** A block is an environment file, or (```yaml file=PATH) a file beside it. */
function isFile({ meta }: Block): boolean {
  return meta.startsWith('file=');
}

function write(path: string, text: string): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  return target;
}

/** Reads a block as an environment file, with the other files of its document beside it. */
function environmentOf(block: Block): Environment {
  for (const file of blocks.filter((other) => isFile(other) && other.document === block.document))
    write(file.meta.replace('file=', ''), file.text);
  const settings = load(block.text) as Readonly<Record<string, unknown>>;
  const cluster = 'cluster' in settings ? '' : 'cluster: docs\n';
  return loadEnvironment(write('environments/example.yaml', `${cluster}${block.text}`));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/^- (?:rule|list|macro): '?(.*?)'?$/gm)].map(([, name = '']) => name);
}

function isConfined(names: readonly string[], own: readonly string[]): boolean {
  return names.length === own.length && own.every((name, i) => names[i]?.replace(/^[-a-z]+: /, '') === name);
}

test('there are examples', () => {
  expect(blocks.length).toBeGreaterThan(10);
});

test.each(blocks.filter((block) => !isFile(block)).map((block) => [block.place, block] as const))(
  '%s is an environment',
  (_, block) => {
    const files = [...synthesize(environmentOf(block)).keys()];
    expect(files).toEqual(
      expect.arrayContaining(['00-namespaces.yaml', '10-rules.yaml', '30-sidekick.yaml']),
    );
  },
);

test.each(blocks.filter(isFile).map((block) => [block.place, block] as const))(
  '%s is a rules file that an environment beside it takes',
  (_, block) => {
    const taken = blocks
      .filter((other) => !isFile(other) && other.document === block.document)
      .flatMap((other) => Object.values(environmentOf(other).settings.rulesPackages))
      .flatMap((files) => Object.values(files));
    // A team's file is confined before it is taken: its rules have the same names behind that of the team.
    const names = namesIn(block.text);
    const matches = taken.filter((text) => text === block.text || isConfined(namesIn(text), names));
    expect(matches).not.toEqual([]);
  },
);
