import { checkedFalcoConfig } from '../constructs/falco-config';
import { rulesFileName } from '../constructs/rules';
import { assertRules } from '../constructs/rules-check';
import { FalcoConfigError } from '../falco/config';
import { RulesError, type Finding } from '../rules/finding';
import type { LoadedObject } from '../rules/load';
import type { SchemaFinding } from '../schema/finding';
import { checkSettings } from '../settings/check';
import { checkEnvironmentShape } from '../settings/checks/shape';
import { fillDefaults, type FalcoEgressProps, type Settings } from '../settings/settings';
import type { Draft } from './draft';

/** What stands in the way of a synthesis of settings. */
interface Objection {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A line of a rules file, by its name in the package, about which something is to be said. */
export interface RulesNote {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly outcome: 'taken' | 'unmapped';
  readonly message: string;
}

type RulesNotes = readonly RulesNote[];

/**
 * Takes back settings that could not be synthesized, until the rest can be: an import ends with settings that work.
 *
 * @returns what is to be said of the rules that stay
 */
export function settle(draft: Draft, rulesPackage: string): RulesNotes {
  for (;;) {
    const settings = draft.settings() as unknown as FalcoEgressProps;
    const { objections, notes } = judge(settings, rulesPackage);
    if (objections.length === 0) return notes;
    const refused = objections.filter(({ path, message }) => draft.refuse(path, message));
    // Each round takes at least one setting back; without settings there is nothing to object to.
    if (refused.length === 0 && !objections.some(({ path, message }) => draft.refuse(path, message, true)))
      throw new UnsettledError(objections);
  }
}

/** Settings that contradict themselves without any of the imported ones: a bug. */
class UnsettledError extends Error {
  override readonly name = 'UnsettledError';

  constructor(objections: readonly Objection[]) {
    super(objections.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
}

function judge(
  props: FalcoEgressProps,
  rulesPackage: string,
): { objections: readonly Objection[]; notes: RulesNotes } {
  const shape: readonly SchemaFinding[] = checkEnvironmentShape(props);
  if (shape.length > 0) return { objections: shape, notes: [] };
  const settings = fillDefaults(props);
  const found = checkSettings(settings);
  if (found.length > 0) return { objections: found, notes: [] };
  return judgeFalco(settings) ?? judgeRules(settings, rulesPackage);
}

function judgeFalco(settings: Settings): { objections: readonly Objection[]; notes: RulesNotes } | undefined {
  try {
    checkedFalcoConfig(settings);
    return undefined;
  } catch (error) {
    if (!(error instanceof FalcoConfigError)) throw error;
    const objections = error.findings.map(({ path, message }) => ({
      path: ['falco', 'config', ...path],
      message,
    }));
    return { objections, notes: [] };
  }
}

function judgeRules(
  settings: Settings,
  rulesPackage: string,
): { objections: readonly Objection[]; notes: RulesNotes } {
  const files = Object.keys(settings.rulesPackages[rulesPackage] ?? {});
  const inPackage = (place: Pick<Finding, 'file'>): string | undefined =>
    files.find((file) => rulesFileName(rulesPackage, file) === place.file);
  try {
    const { findings, objects } = assertRules(settings);
    const warned = findings.flatMap((finding): RulesNote[] => {
      const { line, column, message, code } = finding;
      const file = inPackage(finding);
      const warning = code.startsWith('LOAD_') ? `Falco would warn: ${message}` : `${code}: ${message}`;
      return file === undefined ? [] : [{ file, line, column, outcome: 'taken', message: warning }];
    });
    return { objections: [], notes: [...warned, ...takenNames(objects, inPackage)] };
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    const objections = error.findings
      .filter(({ severity }) => severity === 'error')
      .map((finding) => ({
        path: ['rulesPackages', rulesPackage, inPackage(finding) ?? finding.file],
        message: `Falco would refuse line ${finding.line} of this text: ${finding.message}`,
      }));
    return { objections, notes: [] };
  }
}

/** What is defined a second time under a name of ours: Falco takes the later one, in our rules too. */
function takenNames(
  objects: readonly LoadedObject[],
  inPackage: (place: Pick<Finding, 'file'>) => string | undefined,
): RulesNote[] {
  const nameOf = ({ object }: LoadedObject): string =>
    'name' in object && ['rule', 'macro', 'list'].includes(object.kind)
      ? `${object.kind} '${object.name}'`
      : '';
  const ours = new Set(objects.filter((object) => inPackage(object) === undefined).map(nameOf));
  return objects.flatMap((object): RulesNote[] => {
    const file = inPackage(object);
    const name = nameOf(object);
    if (file === undefined || name === '' || !ours.has(name)) return [];
    const message = `the stack has a ${name} too, and this one takes its place; leave it out, or give it another name`;
    return [{ file, line: object.line, column: object.column, outcome: 'unmapped', message }];
  });
}
