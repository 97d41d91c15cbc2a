import { PRODUCT } from '../names';

/** The named templates of a chart, each made once. */
export class Defines {
  private readonly texts = new Map<string, { readonly file: string; readonly body: string }>();
  private readonly names = new Map<object, string>();

  /** The template of a thing, by a name that is free; its body is made at the first call. */
  of(thing: object, file: string, wanted: string, make: () => string): string {
    const known = this.names.get(thing);
    if (known !== undefined) return known;
    let name = `${PRODUCT}.${wanted}`;
    for (let count = 2; this.texts.has(name); count++) name = `${PRODUCT}.${wanted}-${count}`;
    this.names.set(thing, name);
    this.texts.set(name, { file, body: '' });
    this.texts.set(name, { file, body: make() });
    return name;
  }

  /** A template whose name the constructs gave it; it must be the same wherever it stands. */
  shared(name: string, file: string, make: () => string): string {
    const full = `${PRODUCT}.${name}`;
    const known = this.texts.get(full);
    const body = make();
    if (known !== undefined && known.body !== body)
      throw new Error(`two texts are named '${name}'; lib/settings/decide.ts, named()`);
    this.texts.set(full, known ?? { file, body });
    return full;
  }

  /** The templates of one file. */
  in(file: string): string {
    return [...this.texts]
      .filter(([, text]) => text.file === file)
      .map(([name, { body }]) => `{{- define "${name}" -}}\n${body.replace(/\n$/, '')}\n{{- end }}\n`)
      .join('\n');
  }
}
