import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of this repository. */
export const ROOT = join(__dirname, '../..');

/** A fenced block of a document. */
export interface Block {
  /** Path of the document from the root, and the line of the fence: how a test calls it. */
  readonly place: string;
  readonly document: string;
  readonly language: string;
  /** What stands behind the language, such as `file=rules/a.yaml`. */
  readonly meta: string;
  readonly text: string;
}

/** Documents for users, by their paths from the root. */
export function documents(): string[] {
  const folders = ['.', 'docs', 'docs/guides', 'docs/reference', 'docs/runbooks'];
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => join(folder, name)),
  );
}

/** The text of a document. */
export function read(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

/** All fenced blocks of a document. */
export function blocksOf(document: string): Block[] {
  const fence = /^( *)```(\w+)(?: +(\S.*))?\n([^]*?)^\1```$/gm;
  const text = read(document);
  return [...text.matchAll(fence)].map(
    ({ index, 1: indent = '', 2: language = '', 3: meta = '', 4: body = '' }) => ({
      place: `${document}:${text.slice(0, index).split('\n').length}`,
      document,
      language,
      meta,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** Blocks of a language in all documents. */
export function blocksIn(...languages: readonly string[]): Block[] {
  return documents()
    .flatMap(blocksOf)
    .filter(({ language }) => languages.includes(language));
}
