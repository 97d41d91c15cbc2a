import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ROOT } from './blocks';

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', 'coverage']);

/** Every Markdown file, by its path from the root. */
function markdown(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : markdown(path);
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
  });
}

/** Anchors of the headings, as GitHub makes them. */
function anchors(text: string): Set<string> {
  const headings = [...withoutCode(text).matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^ *```[^]*?^ *```/gm, '');
}

/** Links of a file that lead nowhere. */
function broken(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#', 2);
      const linked = file === '' ? join(ROOT, path) : join(ROOT, dirname(path), file);
      if (!existsSync(linked)) return true;
      return anchor !== undefined && !anchors(readFileSync(linked, 'utf8')).has(anchor);
    });
}

test.each(markdown())('links of %s lead somewhere', (path) => {
  expect(broken(path)).toEqual([]);
});

/** Folders whose files a document may name by their path, or by their name alone where it ends in .ts. */
const NAMED = ['bench', 'docs', 'environments', 'examples', 'lib', 'manifests', 'test', 'tools'];
const sourceNames = new Set(
  ['bench', 'lib', 'test', 'tools'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => basename(path)),
  ),
);

/** Paths in backticks that lead nowhere. */
function missingPaths(path: string): string[] {
  const text = withoutCode(readFileSync(join(ROOT, path), 'utf8'));
  const words = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]*)*)`/g)].map(([, word = '']) => word);
  return words.filter((word) =>
    NAMED.some((folder) => word.startsWith(`${folder}/`))
      ? !existsSync(join(ROOT, word))
      : /^[\w.-]+\.ts$/.test(word) && !sourceNames.has(word),
  );
}

/** What was, may be named there. */
const HISTORY = 'CHANGELOG.md';

test.each(markdown().filter((path) => path !== HISTORY))('files that %s names are there', (path) => {
  expect(missingPaths(path)).toEqual([]);
});
