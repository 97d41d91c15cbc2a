import { checkedFalcoConfig } from '../constructs/falco-config';
import { assertRules } from '../constructs/rules-check';
import { FalcoConfigError } from '../falco/config';
import { RulesError } from '../rules/finding';
import type { LoadedRules } from '../rules/load';
import type { SchemaFinding } from '../schema/finding';
import { checkSettings } from '../settings/check';
import { checkEnvironmentShape } from '../settings/checks/shape';
import { fillDefaults, type FalcoEgressProps, type Settings } from '../settings/settings';
import type { Draft } from './draft';
import { ImportedRules } from './rules/imported-rules';
import type { RulesNote } from './rules/note';

/** What stands in the way of a synthesis of settings. */
interface Objection {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type RulesNotes = readonly RulesNote[];

/** What came of a look at settings: why they can't be synthesized, or what is to be said of their rules. */
type Verdict =
  | { readonly objections: readonly Objection[] }
  | { readonly refused: RulesError }
  | { readonly loaded: LoadedRules };

/**
 * Takes back settings that could not be synthesized, and rules that Falco would refuse, until the rest can be: an import
 * ends with settings that work.
 *
 * @returns what is to be said of the rules
 */
export function settle(draft: Draft, rulesPackage: string): RulesNotes {
  const rules = new ImportedRules(rulesPackage, draft.rules);
  for (;;) {
    for (const [file, text] of rules.texts) draft.rewriteRules(file, text);
    const props = draft.settings() as unknown as FalcoEgressProps;
    const verdict = judge(props);
    if ('loaded' in verdict) return rules.notes(verdict.loaded);
    if ('refused' in verdict) {
      if (!rules.leaveOut(verdict.refused, () => oursAlone(props))) throw verdict.refused;
      continue;
    }
    const { objections } = verdict;
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

function judge(props: FalcoEgressProps): Verdict {
  const shape: readonly SchemaFinding[] = checkEnvironmentShape(props);
  if (shape.length > 0) return { objections: shape };
  const settings = fillDefaults(props);
  const found = checkSettings(settings);
  if (found.length > 0) return { objections: found };
  return judgeFalco(settings) ?? judgeRules(settings);
}

function judgeFalco(settings: Settings): Verdict | undefined {
  try {
    checkedFalcoConfig(settings);
    return undefined;
  } catch (error) {
    if (!(error instanceof FalcoConfigError)) throw error;
    const objections = error.findings.map(({ path, message }) => ({
      path: ['falco', 'config', ...path],
      message,
    }));
    return { objections };
  }
}

function judgeRules(settings: Settings): Verdict {
  try {
    return { loaded: assertRules(settings) };
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    return { refused: error };
  }
}

function oursAlone(props: FalcoEgressProps): LoadedRules {
  return assertRules(fillDefaults({ ...props, rulesPackages: {} }));
}
