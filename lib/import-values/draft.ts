import { isDeepStrictEqual } from 'node:util';
import type { ValuePath } from '../schema/finding';
import type { Line, Outcome } from './line';
import { carriesSecret } from './secrets-in-text';

/** One value of the file that is imported. */
export interface Item {
  readonly path: ValuePath;
  readonly value: unknown;
}

/** Keys of a setting from the top. */
export type SettingPath = readonly string[];

/** A key of a Secret that a person has to make, since settings hold no secrets. */
export interface SecretKey {
  /** The Secret's name, in `namespaces.services`. */
  readonly secret: string;
  readonly key: string;
  /** Where in the values file its content stands. */
  readonly path: ValuePath;
  /** What of that value it is, where it is not all of it. */
  readonly part?: string;
}

interface Assignment {
  readonly setting: SettingPath;
  readonly value: unknown;
  /** Index of its line. */
  readonly line: number;
}

/** The Secret of all outputs of falcosidekick. */
export const OUTPUTS_SECRET = 'falco-egress-outputs';

/** Settings that are being written, and what is said about each value. */
export class Draft {
  private written: Assignment[] = [];
  private readonly said: Line[] = [];
  /** Rules files of which nothing was left, with the indexes of their lines. */
  private readonly emptied = new Map<string, number>();
  private readonly needed: (SecretKey & { readonly line: number })[] = [];

  /** @param rulesPackage name of the package for `customRules` */
  constructor(private readonly rulesPackage: string) {}

  /** A value becomes a setting. */
  take(item: Item, setting: SettingPath, value: unknown, note = ''): void {
    this.takeAll(item, [[setting, value]], note);
  }

  /** A value becomes several settings. */
  takeAll(item: Item, settings: readonly (readonly [SettingPath, unknown])[], note = ''): void {
    if (settings.some(([setting, value]) => setting[0] !== 'rulesPackages' && carriesSecret(value))) {
      this.unmapped(item, 'it looks as if it held a secret, which settings must not; name a Secret instead');
      return;
    }
    for (const [setting, value] of settings) {
      const earlier = this.written.find((one) => one.setting.join('.') === setting.join('.'));
      if (earlier === undefined || isDeepStrictEqual(earlier.value, value)) continue;
      const from = this.said[earlier.line]?.path.join('.') ?? '';
      this.unmapped(item, `${setting.join('.')} is one setting here, and has its value from ${from} already`);
      return;
    }
    const line = this.say(
      item,
      'taken',
      note,
      settings.map(([setting]) => setting.join('.')),
    );
    for (const [setting, value] of settings) this.written.push({ setting, value, line });
  }

  /** A secret: it stays out of the settings, which name a key of a Secret in its place. */
  takeSecret(
    item: Item,
    settings: readonly (readonly [SettingPath, unknown])[],
    keys: readonly Omit<SecretKey, 'path'>[],
    note = 'the secret is not written: see the command below',
  ): void {
    this.takeAll(item, settings, note);
    const line = this.said.length - 1;
    if (this.said[line]?.outcome === 'taken')
      this.needed.push(...keys.map((key) => ({ ...key, path: item.path, line })));
  }

  /** A rules file becomes one of the package. */
  takeRules(item: Item, file: string, text: string, note: string): void {
    this.take(item, ['rulesPackages', this.rulesPackage, file], text, note);
  }

  hasRules(file: string): boolean {
    return this.has('rulesPackages', this.rulesPackage, file);
  }

  /** The rules files of the package, by their names. */
  get rules(): Readonly<Record<string, string>> {
    const texts = this.written.flatMap(({ setting: [first, , file], value }) =>
      first === 'rulesPackages' && file !== undefined && typeof value === 'string' ? [[file, value]] : [],
    );
    return Object.fromEntries(texts) as Record<string, string>;
  }

  /** A rules file has another text than the values, or none; one that was taken back stays away. */
  rewriteRules(file: string, text: string | undefined): void {
    const setting = ['rulesPackages', this.rulesPackage, file].join('.');
    const index = this.written.findIndex((one) => one.setting.join('.') === setting);
    const one = this.written[index];
    if (one === undefined) return;
    if (text !== undefined) {
      this.written[index] = { ...one, value: text };
      return;
    }
    const line = this.said[one.line];
    if (line !== undefined)
      this.said[one.line] = {
        ...line,
        outcome: 'unmapped',
        settings: [],
        message: 'nothing of it is left: its lines say why',
      };
    this.written.splice(index, 1);
    this.emptied.set(file, one.line);
  }

  /** The line about a rules file, unless the file was taken back for another reason than its rules. */
  lineOfRules(file: string): Line | undefined {
    const setting = ['rulesPackages', this.rulesPackage, file].join('.');
    const index = this.written.find((one) => one.setting.join('.') === setting)?.line;
    return this.said[index ?? this.emptied.get(file) ?? -1];
  }

  unneeded(item: Item, why: string): void {
    this.say(item, 'unneeded', why);
  }

  gone(item: Item, why: string, at?: Line['at']): void {
    this.say(item, 'gone', why, [], at);
  }

  unmapped(item: Item, why: string, at?: Line['at']): void {
    this.say(item, 'unmapped', why, [], at);
  }

  unknown(item: Item, why: string): void {
    this.say(item, 'unknown', why);
  }

  /** Whether a setting has been written, or a part of it. */
  has(...setting: SettingPath): boolean {
    return this.written.some((one) => isPrefix(setting, one.setting));
  }

  /**
   * Takes back the setting that a finding is about, and says why; `false` where none is.
   *
   * @param nearby whether to take one that only stands beside it: what contradicts a default is blamed there
   */
  refuse(path: readonly (string | number)[], message: string, nearby = false): boolean {
    const keys = path.map(String);
    const blamed = this.written
      .filter(({ setting }) =>
        nearby ? setting[0] === keys[0] : isPrefix(setting, keys) || isPrefix(keys, setting),
      )
      .toSorted((a, b) => b.setting.length - a.setting.length)[0];
    const line = blamed === undefined ? undefined : this.said[blamed.line];
    if (blamed === undefined || line === undefined) return false;
    const told = withoutValue(message, blamed.value);
    const [, unknown] = /^unknown key '[^']*'(?:[;:] )?(.*)$/s.exec(told) ?? [];
    this.said[blamed.line] =
      unknown === undefined
        ? { ...line, outcome: 'unmapped', settings: [], message: `as ${keys.join('.')}: ${told}` }
        : { ...line, outcome: 'unknown', settings: [], message: unknown };
    this.written = this.written.filter((one) => one.line !== blamed.line);
    return true;
  }

  /** The settings, nested. */
  settings(): Record<string, unknown> {
    const settings: Record<string, unknown> = {};
    for (const { setting, value } of this.written) {
      let map = settings;
      for (const key of setting.slice(0, -1)) map = (map[key] ??= {}) as Record<string, unknown>;
      map[setting.at(-1) ?? ''] = value;
    }
    return settings;
  }

  get lines(): readonly Line[] {
    return this.said;
  }

  get secrets(): readonly SecretKey[] {
    return this.needed
      .filter(({ line }) => this.said[line]?.outcome === 'taken')
      .map(({ line: _, ...key }) => key);
  }

  private say(
    { path }: Item,
    outcome: Outcome,
    message: string,
    settings: readonly string[] = [],
    at?: Line['at'],
  ): number {
    this.said.push({ path, outcome, settings, message, ...(at && { at }) });
    return this.said.length - 1;
  }
}

function isPrefix(short: readonly string[], long: readonly string[]): boolean {
  return short.every((key, index) => key === long[index]);
}

/** A finding may quote what it is about, and the report may end in a log of CI. */
function withoutValue(message: string, value: unknown): string {
  return typeof value === 'string' && value.length >= 8 ? message.replaceAll(value, '…') : message;
}
