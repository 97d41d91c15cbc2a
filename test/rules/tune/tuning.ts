import { loadRules } from '../../../lib/rules';
import type { Event } from '../../../lib/rules/evaluate/event';
import { RuleEngine } from '../../../lib/rules/evaluate/rules';
import type { RulesFile } from '../../../lib/rules/render';
import { readRecord, type RecordedAlert, type RecordedLine } from '../../../lib/rules/tune/record';
import {
  tune,
  type Recording,
  type Tuned,
  type TuneOptions,
  type TuneRules,
} from '../../../lib/rules/tune/tune';

/** A rule whose output prints what exceptions need. */
export const RULES = `
- list: quiet_namespaces
  items: [kube-system]
- rule: Outbound
  desc: d
  condition: evt.type in (connect, sendto) and fd.typechar = 4 and not k8s.ns.name in (quiet_namespaces)
  output: "%k8s.ns.name %k8s.pod.name %k8smeta.deployment.name %proc.name %fd.sip %fd.sport %fd.l4proto %evt.arg.addr %evt.res"
  priority: WARNING
- rule: Later
  desc: d
  condition: evt.type = connect and fd.typechar = 4 and fd.sport = 25
  output: "%fd.sip"
  priority: NOTICE
`;

const BUDGET: TuneOptions = { maxValues: 50, minAlerts: 1, top: 20, keep: [] };

export function rulesOf(text: string): TuneRules {
  return { files: [{ name: 'rules.yaml', text }], load: {}, matching: 'first' };
}

export function alert(fields: Event, rule = 'Outbound'): RecordedAlert {
  const all = {
    'k8s.ns.name': 'shop',
    'k8s.pod.name': 'cart-0',
    'k8smeta.deployment.name': 'cart',
    'proc.name': 'curl',
    'fd.sip': '10.0.0.1',
    'fd.sport': 443,
    'fd.l4proto': 'tcp',
    'evt.arg.addr': null,
    'evt.res': 'SUCCESS',
    ...fields,
  };
  const line = JSON.stringify({ rule, time: '2026-11-22T07:41:15Z', output_fields: all });
  const record = readRecord(line);
  if (record?.kind !== 'alert') throw new Error(`no alert: ${line}`);
  return record;
}

export function recordingOf(records: readonly RecordedLine[]): Recording {
  return async function* () {
    await Promise.resolve();
    yield* records;
  };
}

export function tuned(
  records: readonly RecordedLine[],
  options: Partial<TuneOptions> = {},
  text = RULES,
  matching: TuneRules['matching'] = 'first',
): Promise<Tuned> {
  return tune(recordingOf(records), { ...rulesOf(text), matching }, { ...BUDGET, ...options });
}

/** The rules on events of which the alerts are the output, with further files. */
export function alertsOn(records: readonly RecordedAlert[], more: readonly RulesFile[]): RecordedAlert[] {
  const { findings, ruleset } = loadRules([{ name: 'rules.yaml', text: RULES }, ...more]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const engine = new RuleEngine(ruleset, 'first');
  return records.filter(({ rule, fields }) =>
    engine.match({ ...fields, 'evt.type': 'connect', 'fd.typechar': '4' }).some(({ name }) => name === rule),
  );
}
