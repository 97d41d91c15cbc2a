/** Something wrong with settings that are well-formed: what one setting says does not go with another. */
export interface SettingsFinding {
  /** The setting, as keys from the top; a list's item by its index. */
  readonly path: readonly (string | number)[];
  /** One line: what is wrong, and the way out. */
  readonly message: string;
}

/** What a check finds, as `lib/settings/decide.ts` puts it together: `when` gives nothing, `each` a list. */
export type Findings = SettingsFinding | undefined | readonly Findings[];

/** Findings one after the other. */
export function flat(findings: Findings): SettingsFinding[] {
  if (findings === undefined) return [];
  return isList(findings) ? findings.flatMap(flat) : [findings];
}

function isList(findings: SettingsFinding | readonly Findings[]): findings is readonly Findings[] {
  return Array.isArray(findings);
}
