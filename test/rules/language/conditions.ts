import { parse } from 'yaml';
import { recordings } from '../recordings';

/** A condition that the real Falco was given, its lists replaced, and what Falco printed of it. */
export interface RecordedCondition {
  readonly id: string;
  readonly text: string;
  /** The conditions of the file's macros, by name, lists replaced. */
  readonly macros: ReadonlyMap<string, string>;
  readonly ok: boolean;
  readonly message: string;
  readonly compiled: string | undefined;
}

interface Row {
  readonly id: string;
  readonly yaml: string;
  readonly ok: boolean;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly compiled?: readonly { readonly rule: string; readonly condition_compiled: string }[];
}

interface Item {
  readonly rule?: string;
  readonly macro?: string;
  readonly list?: string;
  readonly condition?: unknown;
  readonly items?: readonly unknown[];
}

export function recordedConditions(): RecordedCondition[] {
  return (recordings('conditions') as unknown as Row[]).map((row) => {
    const items = parse(row.yaml) as Item[];
    const lists = new Map<string, string>();
    for (const { list, items: values } of items) {
      if (list !== undefined) lists.set(list, replaceLists((values ?? []).map(quoteItem).join(', '), lists));
    }
    const macros = new Map<string, string>();
    for (const { macro, condition } of items) {
      if (macro !== undefined) macros.set(macro, replaceLists(String(condition), lists));
    }
    const rule = items.find((item) => item.rule === row.id);
    return {
      id: row.id,
      text: replaceLists(String(rule?.condition), lists),
      macros,
      ok: row.ok,
      message: row.errors[0]?.message ?? '',
      compiled: row.compiled?.find((compiled) => compiled.rule === row.id)?.condition_compiled,
    };
  });
}

function quoteItem(item: unknown): string {
  const text = String(item);
  return /\s/.test(text) && !/^["']/.test(text) ? `"${text}"` : text;
}

/** A stand-in for the replacement of lists, good enough for what was recorded. */
function replaceLists(text: string, lists: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [name, values] of lists) {
    result = result.replace(new RegExp(`(?<![^\\s(),=])${name}(?![^\\s(),=])`, 'g'), () => values);
  }
  return result;
}
