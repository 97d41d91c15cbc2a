import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/synth/environment';
import { EnvironmentError } from '../../lib/synth/environment-error';
import { synthesize } from '../../lib/synth/synthesize';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-teams-'));
  for (const team of ['shop', 'bank']) mkdirSync(join(folder, team));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const rule = (name: string, condition: string): string =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: x\n  priority: INFO\n`;

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** What is wrong with prod.yaml: file, line and message. */
function refused(): string[] {
  try {
    loadEnvironment(join(folder, 'prod.yaml'));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.findings.map(
      ({ file, line, message }) => `${file.slice(folder.length + 1)}:${line} ${message}`,
    );
  }
  return [];
}

const PROD = `cluster: c
teams:
  shop:
    namespaces: [shop, shop-dev]
    rulesFrom: [shop]
  bank:
    namespaces: [bank]
    rulesFrom: [bank/cash.yaml]
`;

test('each team has a ConfigMap of its own, with its rules confined', () => {
  write({
    'prod.yaml': PROD,
    'shop/card.yaml': rule('Card data', 'outbound_corp and egress_by_pod'),
    'bank/cash.yaml': rule('Cash', 'evt.type = connect'),
  });
  const files = synthesize(loadEnvironment(join(folder, 'prod.yaml')));
  const text = [...files.values()].join('\n');
  expect(text).toContain('name: falco-egress-rules-shop');
  expect(text).toContain('60-shop.card.yaml: |');
  expect(text).toMatch(
    /- rule: 'shop: Card data'[^]*\(outbound_corp and egress_by_pod\)\n\s+and k8s\.ns\.name in \("shop", "shop-dev"\)/,
  );
  expect(text).toMatch(/- rule: 'bank: Cash'[^]*and k8s\.ns\.name in \("bank"\)/);
});

test('what reaches beyond a team is shown where the team wrote it', () => {
  write({
    'prod.yaml': PROD,
    'shop/card.yaml': `${rule('Card data', 'evt.typ = connect')}- macro: outbound_corp\n  condition: evt.type = connect\n`,
    'bank/cash.yaml': rule('Cash', 'evt.type = connect'),
  });
  expect(refused()).toEqual([
    'shop/card.yaml:3 there is no field evt.typ',
    "shop/card.yaml:6 macro 'outbound_corp' is somebody else's",
  ]);
});

test.each([
  [
    'a path that is not there',
    PROD.replace('[shop]', '[gone]'),
    /^prod.yaml:5 teams.shop.rulesFrom.0: there is no file/,
  ],
  [
    'a name that is no team',
    PROD.replace('  shop:', '  Shop_:'),
    /^prod.yaml:\d+ teams.Shop_: 'Shop_' is no name of a team/,
  ],
  ['no namespaces', PROD.replace('[bank]', '[]'), /^prod.yaml:\d+ teams.bank: team 'bank' has no namespaces/],
  [
    'a package of the same name',
    `${PROD}rulesFrom: [shop]\n`,
    /^prod.yaml:\d+ teams.shop: there is a package 'shop'/,
  ],
  [
    'a team without rules',
    PROD.replace('    rulesFrom: [shop]\n', ''),
    /^prod.yaml:\d+ teams.shop: missing key 'rulesFrom'/,
  ],
])('%s is refused', (_, prod, message) => {
  write({
    'prod.yaml': prod,
    'shop/card.yaml': rule('A', 'evt.type = connect'),
    'bank/cash.yaml': rule('B', 'evt.type = connect'),
  });
  const found = refused();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
});
