import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runAdvise } from '../../lib/cli/advise/advise';
import { runReport } from '../../lib/cli/report/report';
import { runWho } from '../../lib/cli/who/who';

type Command = (
  args: readonly string[],
  streams: { readonly out: (text: string) => void; readonly error: (text: string) => void },
) => Promise<number>;

const LABELS = { app: 'cart' };
const CART = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'cart-0', labels: LABELS } },
  status: { podIP: '10.244.1.7' },
};
/** Nothing may go out: all that was seen is told as refused. */
const CLOSED = {
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  metadata: { namespace: 'shop', name: 'none' },
  spec: { podSelector: { matchLabels: LABELS }, policyTypes: ['Egress'] },
};

/**
 * All that `who`, `report` and `advise` tell of a history, by the form in which they tell it: what they print, on stderr too, and
 * what they write.
 *
 * @param folder an empty one, for what is written
 * @param asked of whom `who` is asked
 * @param history files, or options that name where it is
 */
export async function toldOf(
  folder: string,
  asked: string,
  history: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const told = new Map<string, string>();
  const [evidence, page] = [join(folder, 'evidence'), join(folder, 'report.html')];
  const [state, policy] = [join(folder, 'state.json'), join(folder, 'policy.json')];
  mkdirSync(folder, { recursive: true });
  writeFileSync(state, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [CART] }));
  writeFileSync(policy, JSON.stringify(CLOSED));

  const run = async (command: Command, ...args: readonly string[]): Promise<void> => {
    let text = '';
    const add = (more: string): void => void (text += more);
    const code = await command([...args, ...history], { out: add, error: add });
    // 1: something that the advice would change, or that a policy refuses.
    if (code > 1) throw new Error(text);
    told.set([command.name, ...args.filter((arg) => !arg.startsWith('/'))].join(' '), text);
  };
  for (const form of [[], ['--json'], ['--csv'], ['--html'], ['--evidence', evidence]])
    await run(runWho, asked, ...form);
  for (const name of readdirSync(evidence))
    told.set(`evidence/${name}`, readFileSync(join(evidence, name), 'utf8'));
  await run(runReport, '--out', page, '--json');
  told.set('report.html', readFileSync(page, 'utf8'));
  const forms = [[], ['--json'], ['--typescript'], ['--diff'], ['--diff', '--json']];
  for (const form of [...forms, ['--check', policy], ['--check', policy, '--json']])
    await run(runAdvise, '--cluster-state', state, ...form);
  return told;
}

/** The forms in which a text is told. */
export function formsWith(told: ReadonlyMap<string, string>, text: string): string[] {
  return [...told].filter(([, each]) => each.includes(text)).map(([form]) => form);
}
