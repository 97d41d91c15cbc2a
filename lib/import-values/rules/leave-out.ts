import type { Finding } from '../../rules/finding';
import type { ImportedFile } from './imported-file';
import { nameOf, needsOf, type ImportedItem } from './item';
import { withHint, type RulesNote } from './note';

/** An item that goes, or all of a file. */
interface Blamed {
  readonly file: ImportedFile;
  readonly item: ImportedItem | undefined;
}

/** Leaves out of imported files what Falco refuses, and what needs it. */
export class LeaveOut {
  readonly notes: RulesNote[] = [];
  /** Where what is left out stood, by its name. */
  private readonly gone = new Map<string, string>();

  /** @param files by their names in the package */
  constructor(private readonly files: ReadonlyMap<string, ImportedFile>) {}

  /** What Falco refuses of a file; places are those of its text as it is now. */
  refused(findings: readonly (Finding & { readonly inPackage: string })[]): void {
    const blamed = findings.flatMap((finding) => {
      const file = this.files.get(finding.inPackage);
      return file === undefined ? [] : [{ finding, file, item: file.itemAt(finding) }];
    });
    const told = new Set<string>();
    for (const { finding, file, item } of blamed) {
      const place = file.placeBefore(finding);
      const key = `${file.name} ${place.line} ${place.column}`;
      if (!told.has(key))
        this.note(
          file,
          place,
          `${item?.label ?? 'all of it'} is left out: Falco would refuse it: ${withHint(finding)}`,
        );
      told.add(key);
    }
    this.remove(blamed);
  }

  /** Takes back an item for another reason. */
  takeBack(file: ImportedFile, item: ImportedItem, why: string): void {
    this.note(file, file.place(item.node.start), `${item.label} is left out: ${why}`);
    this.remove([{ file, item }]);
  }

  /** What needs what goes, goes too. */
  private remove(places: readonly Blamed[]): void {
    for (let next = places; next.length > 0; next = this.needy()) {
      for (const file of new Set(next.map(({ file }) => file)))
        this.removeFrom(
          file,
          next.filter((one) => one.file === file).map(({ item }) => item),
        );
    }
  }

  /** @param items an `undefined` stands for all */
  private removeFrom(file: ImportedFile, items: readonly (ImportedItem | undefined)[]): void {
    const before = file.kept;
    const blamed = items.filter((item) => item !== undefined);
    if (blamed.length < items.length) file.leaveOutAll();
    else file.leaveOut(blamed);
    const after = new Set(file.kept);
    for (const { defines } of before.filter((one) => !after.has(one)))
      if (defines?.how === 'define')
        this.gone.set(nameOf(defines), `${file.name}, line ${file.place(defines.name.start).line}`);
  }

  /** What needs something that is left out, and defined nowhere else in the imported files. */
  private needy(): readonly Blamed[] {
    const kept = [...this.files.values()].flatMap((file) => file.kept.map((item) => ({ file, item })));
    const defined = new Set(
      kept.flatMap(({ item: { defines } }) => (defines?.how === 'define' ? [nameOf(defines)] : [])),
    );
    const missing = [...this.gone.keys()].filter((name) => !defined.has(name));
    if (missing.length === 0) return [];
    const lists = missing.flatMap((name) => /^list '(.*)'$/s.exec(name)?.[1] ?? []);
    return kept.filter(({ file, item }) => {
      const needs = needsOf(item, lists);
      const name = missing.find((one) => needs.has(one));
      if (name === undefined) return false;
      const why = `it needs ${name}, which is left out (${this.gone.get(name) ?? ''})`;
      this.note(file, file.place(item.node.start), `${item.label} is left out: ${why}`);
      return true;
    });
  }

  private note(file: ImportedFile, place: { line: number; column: number }, message: string): void {
    this.notes.push({ file: file.name, ...place, outcome: 'unmapped', message });
  }
}
