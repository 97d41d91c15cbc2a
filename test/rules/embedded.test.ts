import { setTimeout } from 'node:timers/promises';
import { rulesWithin } from '../../lib/rules/embedded';
import type { Finding } from '../../lib/rules/finding';

const LINES = 40_000;
const [HEAD, LINE] = ['apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n', '- list: l\n'];
const FINDING: Finding = {
  ...{ file: 'a.yaml', line: 1, column: 9, length: 1 },
  ...{ severity: 'warning', code: 'LOAD_UNUSED_LIST', message: "nothing uses list 'l'" },
};

// To count lines anew for each finding would run into jest's limit for a test, which holds at the first await.
test('findings on all lines of a long file in a ConfigMap each get their place in it', async () => {
  const text = `${HEAD}${`    ${LINE}`.repeat(LINES)}`;
  const [rules] = rulesWithin({ name: 'map.yaml', text }) ?? [];
  const found = Array.from({ length: LINES }, (_, i) => rules?.whereWritten({ ...FINDING, line: i + 1 }));
  await setTimeout(1);
  const headLines = HEAD.split('\n').length - 1;
  expect(found.map((finding) => finding?.line)).toEqual(
    Array.from({ length: LINES }, (_, i) => headLines + i + 1),
  );
  expect(new Set(found.map((finding) => finding?.column))).toEqual(new Set([13]));
});
