import { Document, isMap, isSeq, type YAMLMap } from 'yaml';
import { inertYaml } from '../inert-yaml';
import { inert } from '../rules/evaluate/printable';
import type { Advice } from './advice';
import { unadvised } from './unadvised';

/** Policies as YAML, with all that is to be said of them in comments. */
export function adviceAsYaml(advice: readonly Advice[], remarks: readonly string[]): string {
  const documents = advice.flatMap((each) => (each.kind === 'policy' ? [documentOf(each)] : []));
  const lines = [...remarks, ...unadvised(advice)].map((line) => `# ${inert(line)}\n`).join('');
  return [...(lines === '' ? [] : [lines]), ...documents].join('---\n');
}

function documentOf({
  policy,
  rules,
  notes,
  namespace,
  workload,
}: Extract<Advice, { kind: 'policy' }>): string {
  const document = new Document(policy, { aliasDuplicateObjects: false });
  document.commentBefore = commentOf([`${namespace}, ${workload}`, ...notes]);
  const egress = document.getIn(['spec', 'egress']);
  if (isSeq(egress))
    for (const [index, rule] of rules.entries()) {
      const item: unknown = egress.items[index];
      if (!isMap(item)) continue;
      if (rule.why !== undefined) item.commentBefore = commentOf([rule.why]);
      commentOnPeers(item, rule.to);
    }
  return inertYaml(document);
}

function commentOnPeers(rule: YAMLMap, to: readonly { readonly why: string }[]): void {
  const peers: unknown = rule.get('to');
  if (!isSeq(peers)) return;
  for (const [index, { why }] of to.entries()) {
    const peer: unknown = peers.items[index];
    if (isMap(peer)) peer.commentBefore = commentOf([why]);
  }
}

/** What alerts hold may not end a comment. */
function commentOf(lines: readonly string[]): string {
  return lines.map((line) => ` ${inert(line)}`).join('\n');
}
