import { escapesOf, type Escape } from './escapes';
import { RulesError, type Finding } from './finding';
import { loadRules, stockFilesOf, type LoadedObject, type LoadOptions } from './load';
import type { RulesObject } from './object';
import { printRules } from './print';
import type { RequiredEngineVersion, RequiredPluginVersions } from './requirement';
import { renderFindings, type RulesFile } from './render';

/** Whose rules are confined, and to what. */
export interface Confinement {
  /** Small letters, digits and hyphens. Its rules are named `<team>: …`, its macros and lists `<team>_…`. */
  readonly team: string;
  /** The namespaces whose events its rules see. An event of which Falco doesn't know the namespace is seen by none. */
  readonly namespaces: readonly string[];
}

/** What a team's files are loaded after. */
export interface ConfineOptions extends LoadOptions {
  /** Files of the platform and of other teams: they may be used, but not changed. @default none */
  readonly platform?: readonly RulesFile[];
}

/** What came of a team's files. */
export interface Confined {
  /** Of the same names as those given. */
  readonly files: readonly RulesFile[];
  /** In the files as they were given. */
  readonly warnings: readonly Finding[];
}

/**
 * A team's rules files, confined: its rules carry its name, match only in its namespaces, and change nothing that is not
 * its own. Macros and lists of the platform may be used.
 *
 * @throws {@link RulesError} with each place that Falco would refuse, and each that reaches beyond the team
 */
export function confineRules(
  files: readonly RulesFile[],
  confinement: Confinement,
  options: ConfineOptions = {},
): Confined {
  checkConfinement(confinement);
  const { platform = [], ...loadOptions } = options;
  const stock = stockFilesOf(loadOptions);
  // A file of the platform may have the name of one of the team's.
  const others = [...stock, ...platform].map(({ name, text }, index) => ({
    name: `${index} of others: ${name}`,
    text,
  }));
  const alone = { ...loadOptions, ...(stock.length > 0 && { stock: undefined }) };
  const names = new Set(files.map(({ name }) => name));
  const loaded = loadRules([...others, ...files], alone);
  const wrong = loaded.findings.filter(({ file, severity }) => severity === 'error' && names.has(file));
  const confiner = new Confiner(confinement);
  const texts = new Map<string, RulesObject[]>(files.map(({ name }) => [name, []]));
  for (const object of loaded.objects) {
    const kept = confiner.confine(object, names.has(object.file));
    if (kept !== undefined) texts.get(object.file)?.push(kept);
  }
  const findings = [...wrong, ...confiner.findings];
  if (findings.length > 0) {
    throw new RulesError('unconfined-rules', renderFindings(findings, files), findings);
  }
  const confined = [...texts].map(([name, objects]) => ({ name, text: printRules(objects) }));
  const escapes = escapesOf(confined, others, { ...confinement, ...alone });
  if (escapes.length > 0) {
    const told = escapes.map((escape) => placed(escape, loaded.objects, names, confinement.team));
    throw new RulesError('unconfined-rules', renderFindings(told, files), told);
  }
  return {
    files: confined,
    warnings: loaded.findings.filter(({ file }) => names.has(file)),
  };
}

/** Where the team wrote what escapes. */
function placed(
  { kind, name, message, hint }: Escape,
  objects: readonly LoadedObject[],
  own: ReadonlySet<string>,
  team: string,
): Finding {
  const written = kind === 'rule' ? name.slice(team.length + 2) : name;
  const found = objects.find(
    ({ file, object }) => own.has(file) && object.kind === kind && object.name === written,
  );
  const { file = '', line = 1, column = 1 } = found ?? {};
  return {
    file,
    line,
    column,
    length: 1,
    severity: 'error',
    code: 'unconfined',
    message,
    ...(hint && { hint }),
  };
}

function checkConfinement({ team, namespaces }: Confinement): void {
  if (!/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/.test(team))
    throw new RulesError('invalid-team', `'${team}' is no name of a team: small letters, digits and hyphens`);
  if (namespaces.length === 0)
    throw new RulesError(
      'invalid-team',
      `team '${team}' has no namespaces: name one, or its rules see nothing`,
    );
  const wrong = namespaces.find((name) => !/^[a-z\d](?:[-a-z\d]{0,61}[a-z\d])?$/.test(name));
  if (wrong !== undefined)
    throw new RulesError('invalid-team', `team '${team}': '${wrong}' is no name of a namespace`);
}

const CAPTURES = {
  message: "a capture holds the calls of the whole node, not the team's alone",
  hint: 'leave capture out',
};

class Confiner {
  readonly findings: Finding[] = [];
  private readonly own = new Set<string>();
  private readonly others = new Set<string>();
  private readonly prefix: string;

  constructor(private readonly confinement: Confinement) {
    this.prefix = `${confinement.team.replaceAll('-', '_')}_`;
  }

  /** The object as it may be loaded; none if it isn't the team's, or reaches beyond it. */
  confine({ object, ...place }: LoadedObject, isOwn: boolean): RulesObject | undefined {
    if (!('name' in object)) return isOwn ? object : undefined;
    const key = `${object.kind.replace('-override', '')} '${object.name}'`;
    if (!isOwn) {
      this.others.add(key);
      return undefined;
    }
    const beyond = this.beyond(object, key);
    if (beyond !== undefined) {
      this.findings.push({ ...place, length: 1, severity: 'error', code: 'unconfined', ...beyond });
      return undefined;
    }
    this.own.add(key);
    if (object.kind === 'rule')
      return { ...object, name: this.ruleName(object.name), condition: this.confined(object.condition) };
    if (object.kind !== 'rule-override') return object;
    const { condition, ...changes } = object.changes;
    const name = this.ruleName(object.name);
    if (condition === undefined) return { ...object, name };
    const value = this.confined(condition.value);
    return { ...object, name, changes: { ...changes, condition: { how: 'replace', value } } };
  }

  /** How an object reaches beyond the team, and the way out. */
  private beyond(
    object: Exclude<RulesObject, RequiredEngineVersion | RequiredPluginVersions>,
    key: string,
  ): Pick<Finding, 'message' | 'hint'> | undefined {
    const { team } = this.confinement;
    switch (object.kind) {
      case 'rule': {
        const { source = 'syscall', capture } = object;
        if (source !== 'syscall') return { message: `source '${source}' knows no namespaces` };
        if (this.others.has(`rule '${this.ruleName(object.name)}'`))
          return {
            message: `there is a rule '${this.ruleName(object.name)}' already`,
            hint: 'choose another name',
          };
        return capture === true ? CAPTURES : undefined;
      }
      case 'macro':
      case 'list': {
        const { kind, name } = object;
        if (this.others.has(key))
          return { message: `${key} is somebody else's`, hint: 'choose another name' };
        if (name.startsWith(this.prefix)) return undefined;
        const message = `a ${kind} of team '${team}' can't be called '${name}'`;
        return { message, hint: `call it '${this.prefix}${name}'` };
      }
      default:
        if (!this.own.has(key))
          return { message: `${key} is not team '${team}''s: it can't be changed here` };
        if (object.kind !== 'rule-override') return undefined;
        if (object.changes.capture?.value === true) return CAPTURES;
        if (object.changes.condition?.how !== 'append') return undefined;
        return {
          message: 'the condition of a confined rule has no end to append to',
          hint: 'write the whole condition in the rule',
        };
    }
  }

  private ruleName(name: string): string {
    return `${this.confinement.team}: ${name}`;
  }

  /** Quoted, a namespace can't be taken for the name of a list. */
  private confined(condition: string): string {
    const namespaces = this.confinement.namespaces.map((name) => `"${name}"`).join(', ');
    return `(${condition.trimEnd()})\nand k8s.ns.name in (${namespaces})`;
  }
}
