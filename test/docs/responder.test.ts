import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alertsFromLogs } from '../../lib/responder/alert/logs';
import { alertFromSidekick } from '../../lib/responder/alert/sidekick';
import { parseConfig } from '../../lib/responder/config';
import { blocksOf, read, ROOT } from './blocks';

const DOCUMENT = 'docs/responder.md';

/** The JSON example of a kind. */
function example(kind: string): unknown {
  const block = blocksOf(DOCUMENT).find(({ language, meta }) => language === 'json' && meta === kind);
  if (block === undefined) throw new Error(`no example of ${kind}`);
  return JSON.parse(block.text);
}

/** All sources of the responder as one text. */
function sources(): string {
  const folder = join(ROOT, 'lib/responder');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/** The first column of the table under a head. */
function firstColumn(head: string): string[] {
  const [, table = ''] = new RegExp(`^\\| ${head} +\\|[^]*?\\n\\|[- |]+\\|\\n((?:\\|.*\\n)+)`, 'm').exec(
    read(DOCUMENT),
  ) ?? ['', ''];
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
}

test('the examples are what it takes', () => {
  expect(alertFromSidekick(JSON.stringify(example('alert'))).pod).toEqual({
    namespace: 'demo',
    name: 'nginx',
  });
  const logs = JSON.stringify(example('logs'));
  expect(alertsFromLogs(logs, 'node-3')).toMatchObject({
    alerts: [{ rule: 'Connection to vistatech.it' }],
    skipped: 0,
  });
  expect(parseConfig(example('config')).responses).toHaveLength(1);
});

test('it logs these messages', () => {
  const messages = firstColumn('message');
  expect(messages.length).toBeGreaterThan(5);
  for (const message of messages) expect(sources()).toContain(message.replace(/ ?…$/, ''));
});

test('it has these metrics, and no others', () => {
  const metrics = [...sources().matchAll(/'((?:falco_egress|process)_\w+)'/g)].map(([, name = '']) => name);
  expect(firstColumn('metric').sort()).toEqual([...new Set(metrics)].sort());
});
