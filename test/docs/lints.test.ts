import { loadRules, type Finding } from '../../lib/rules';
import { LINTS } from '../../lib/rules/checks/lints';
import { lintsOf, withRule } from '../rules/checks/found';
import { blocksOf, read, type Block } from './blocks';

const DOCUMENT = 'docs/lints.md';

/** The chapter, named after a lint, that a block stands in. */
function chapterOf({ place }: Block): string {
  const lines = read(DOCUMENT)
    .split('\n')
    .slice(0, Number(place.split(':')[1]));
  return lines.findLast((line) => line.startsWith('## '))?.slice(3) ?? '';
}

function examples(meta: string): (readonly [string, string])[] {
  return blocksOf(DOCUMENT)
    .filter((block) => block.meta === meta)
    .map((block) => [chapterOf(block), block.language === 'text' ? withRule(block.text.trim()) : block.text]);
}

function findingsOf(text: string): readonly Finding[] {
  return loadRules([{ name: 'rules.yaml', text }]).findings;
}

const codes = LINTS.map(({ code }) => code);

test('every lint has a chapter with both examples', () => {
  expect(examples('fires').map(([code]) => code)).toEqual(codes.toSorted());
  expect(examples('mend').map(([code]) => code)).toEqual(codes.toSorted());
});

test.each(examples('fires'))('%s fires, and no other lint', (code, text) => {
  // A list that is named in quotes is used by nothing, which Falco says.
  const found = findingsOf(text).filter((finding) => finding.code !== 'LOAD_UNUSED_LIST');
  expect(found.map((finding) => finding.code)).toEqual([code]);
});

test.each(examples('mend'))('the mend of %s is clean', (_, text) => {
  expect(findingsOf(text)).toEqual([]);
});

test('what is silenced is silent', () => {
  const [silenced] = examples('silenced');
  expect(lintsOf(silenced?.[1] ?? '')).toEqual([]);
  const loud = (silenced?.[1] ?? '').replace(/^ *#.*\n/gm, '');
  expect(lintsOf(loud)).toHaveLength(3);
});

test('each code about silencers is one that is said', () => {
  const rows = [...read(DOCUMENT).matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, code = '']) => code);
  const said = ['allow', 'allow nosuch', 'allow never-true'].flatMap((wish) =>
    findingsOf(`# falco-egress: ${wish}\n${withRule('evt.type = connect')}`).map(({ code }) => code),
  );
  expect(said).toEqual(rows);
});
