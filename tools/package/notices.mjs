/**
 * Notices of the packages that are inside a bundle: who copies a bundle copies them, and their licences want to be told.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that ask for nothing but their own text. A package under another is refused, and looked at by a person. */
export const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];

const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(un)?licen[cs]e(\.|-|$)|^notice(\.|$)|^copying(\.|$)/i;

/** Folders of the packages of which esbuild has put at least a byte into an output. */
export function bundledPackages(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => PACKAGE.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * The text of THIRD-PARTY-NOTICES.txt for packages in these folders. Throws where one has no licence of `PERMISSIVE`, or
 * comes without its text.
 */
export function notices(root, folders) {
  const packages = new Map(folders.map((folder) => describe(root, folder)));
  const entries = [...packages.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    'This program contains the following packages.\n',
    ...entries.map(([name, text]) => `${'-'.repeat(80)}\n${name}\n\n${text}\n`),
  ].join('\n');
}

/** Name, version and licence of a package, and the texts that it comes with. */
function describe(root, folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  );
  if (!PERMISSIVE.includes(license))
    throw new Error(
      `${folder} is bundled, and its licence is ${license ?? 'unknown'}: leave it out, or read the licence and add it to ` +
        'PERMISSIVE in tools/package/notices.mjs',
    );
  const files = readdirSync(join(root, folder)).filter((file) => LICENCE_FILE.test(file));
  const texts = files
    .sort()
    .map((file) => readFileSync(join(root, folder, file), 'utf8').replace(/^\n+|\s+$/g, ''));
  return [
    `${name} ${version} (${license})`,
    texts.length > 0 ? texts.join('\n\n') : standard(folder, license, author),
  ];
}

/** What a package without a licence file must have meant. */
function standard(folder, license, author) {
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || holder === undefined)
    throw new Error(
      `${folder} is bundled, and has no licence file: add its text to tools/package/notices.mjs`,
    );
  return `Copyright (c) ${holder}\n\n${readFileSync(join(import.meta.dirname, 'MIT.txt'), 'utf8').trim()}`;
}
