import { Falco } from '../../lib/constructs/falco';
import { loadRules } from '../../lib/rules';
import { renderOutput } from '../../lib/rules/evaluate/render-output';
import type { PrivacySettings } from '../../lib/settings/privacy';
import { synthesize } from '../constructs';

/** What somebody wrote where it is not to be told on. */
export const SECRET = 'hunter2';

export const COMMAND_LINE = `curl -u admin:${SECRET} https://example.org`;

/** Fields of a process and of its call that hold what it was told, or sent. */
export const HOLDS = [
  ...['proc.cmdline', 'proc.pcmdline', 'proc.acmdline', 'proc.exeline', 'proc.args', 'proc.env', 'proc.aenv'],
  ...['evt.args', 'evt.info', 'evt.buffer', 'evt.arg.data', 'evt.arg.args', 'evt.arg.env', 'evt.arg.exe'],
];

/** Those fields, each with the secret, and what alerts may tell of it. */
export const EVENT = {
  ...Object.fromEntries(HOLDS.map((field) => [field, COMMAND_LINE])),
  ...{ 'proc.cmdnargs': 3, 'proc.cmdlenargs': COMMAND_LINE.length - 5, 'proc.name': 'curl' },
};

/** An alert, but for its time. */
export interface PlantedAlert {
  readonly rule: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly output: string;
  readonly output_fields: object;
}

/** What each of our rules, as it is synthesized with a setting, tells of an event with the secret in it. */
export function plantedAlerts(
  commandLine: PrivacySettings['commandLine'],
  fields: Readonly<Record<string, string | number>> = {},
): PlantedAlert[] {
  const settings = {
    cluster: 'test',
    ...(commandLine !== undefined && { privacy: { commandLine } }),
    egress: { vistatech: true, record: { enabled: true } },
    falco: { stockRules: false },
    sidekickUi: { enabled: false },
  };
  const objects = synthesize((scope) => {
    new Falco(scope, 'falco', settings);
  });
  const files = objects.flatMap(({ kind, data = {} }) =>
    kind === 'ConfigMap'
      ? Object.entries(data as Record<string, string>).map(([name, text]) => ({ name, text }))
      : [],
  );
  const rules = files.filter(({ text }) => /^- (?:rule|macro|list): /m.test(text));
  const { ruleset } = loadRules(rules, { lints: false });
  return ruleset.rules.flatMap(({ name, priority = '', tags = [], output }) => {
    if (output === undefined) return [];
    const { text, fields: told } = renderOutput(output, { ...EVENT, ...fields }, ruleset.catalogue);
    return [{ rule: name, priority, tags, output: text, output_fields: told }];
  });
}
