import { rulesFileName } from '../../constructs/rules';
import { RulesError, type Finding } from '../../rules/finding';
import type { LoadedObject, LoadedRules } from '../../rules/load';
import { ImportedFile } from './imported-file';
import { nameOf } from './item';
import { LeaveOut } from './leave-out';
import { changeNotes, neverTrueNotes, warningNote, type RulesNote } from './note';

/** The rules files of `customRules`, of which Falco is to load as much as it can. */
export class ImportedRules {
  private readonly files: ReadonlyMap<string, ImportedFile>;
  private readonly leaving: LeaveOut;

  /** @param texts by their names in the package */
  constructor(
    private readonly rulesPackage: string,
    texts: Readonly<Record<string, string>>,
  ) {
    this.files = new Map(Object.entries(texts).map(([name, text]) => [name, new ImportedFile(name, text)]));
    this.leaving = new LeaveOut(this.files);
  }

  /** What is taken over, by the names of the files; `undefined` where nothing is left of one. */
  get texts(): readonly (readonly [string, string | undefined])[] {
    return [...this.files].map(([name, { text }]) => [name, text]);
  }

  /**
   * Leaves out what stands in the way of all rules together; `false` where nothing does.
   *
   * @param ours the rules without the imported ones
   */
  leaveOut({ findings }: RulesError, ours: () => LoadedRules): boolean {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const blamed = errors.flatMap((finding) => {
      const inPackage = this.fileOf(finding)?.name;
      return inPackage === undefined ? [] : [{ ...finding, inPackage }];
    });
    if (blamed.length > 0) {
      this.leaving.refused(blamed);
      return true;
    }
    // Ours are right by themselves, so one of theirs took the place of something that ours use.
    const [finding] = errors;
    const names = new Set(ours().objects.map(definedName));
    const last = [...this.files.values()]
      .flatMap((file) => file.kept.map((item) => ({ file, item })))
      .findLast(({ item: { defines } }) => defines !== undefined && names.has(nameOf(defines)));
    if (finding === undefined || last === undefined) return false;
    this.leaving.takeBack(last.file, last.item, `with it Falco would refuse ours: ${finding.message}`);
    return true;
  }

  /** What is to be said of the files, once Falco loads them. */
  notes({ findings, objects }: LoadedRules): readonly RulesNote[] {
    const never = [...this.files.values()].flatMap(neverTrueNotes);
    const warnings = findings.flatMap((finding) => {
      const file = this.fileOf(finding);
      if (file === undefined) return [];
      const note = warningNote(file, finding);
      const isTold = never.some((other) => other.file === note.file && other.line === note.line);
      return isTold && finding.message.startsWith('evt.dir ') ? [] : [note];
    });
    const changes = [...this.files.values()].flatMap(changeNotes);
    return [...this.leaving.notes, ...changes, ...never, ...warnings, ...this.takenNames(objects)];
  }

  /** What is defined a second time under a name of ours: Falco takes the later one, in our rules too. */
  private takenNames(objects: readonly LoadedObject[]): RulesNote[] {
    const ours = new Set(objects.filter((object) => this.fileOf(object) === undefined).map(definedName));
    return objects.flatMap((object): RulesNote[] => {
      const file = this.fileOf(object);
      const name = definedName(object);
      if (file === undefined || name === '' || !ours.has(name)) return [];
      const message = `the stack has a ${name} too, and this one takes its place; leave it out, or give it another name`;
      return [{ file: file.name, ...file.placeBefore(object), outcome: 'unmapped', message }];
    });
  }

  private fileOf({ file }: Pick<Finding, 'file'>): ImportedFile | undefined {
    return [...this.files.values()].find(({ name }) => rulesFileName(this.rulesPackage, name) === file);
  }
}

/** `rule 'x'`; empty for what defines nothing. */
function definedName({ object }: LoadedObject): string {
  const defines = 'name' in object && ['rule', 'macro', 'list'].includes(object.kind);
  return defines ? `${object.kind} '${object.name}'` : '';
}
