import { eachEntry, is, lengthOf, moreThan, some, when } from '../decide';
import { OWN_PACKAGES } from '../egress';
import type { Findings, SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isRulesFile } from './syntax';

/** The longest name of a package and a file, with a dot between them: with `60-` it is the name of an annotation, at most 63. */
const LONGEST = 60;

/** Names of rules packages, which must not be ours, and how long they are together with those of their files. */
export function checkRulesPackages({ rulesPackages }: Settings): Findings {
  return eachEntry(rulesPackages, (name, files) => [
    when(some(...OWN_PACKAGES.map((own) => is(name, own))), () => ({
      path: ['rulesPackages', name],
      message: `'${name}' is the name of a package of ours; take another one`,
    })),
    eachEntry(files, (file) => {
      const length = lengthOf(`${name}.${file}`);
      return when(moreThan(length, LONGEST), () => ({
        path: ['rulesPackages', name, file],
        message: `package and file name together have ${lengthOf(`${name}${file}`)} characters, and at most ${LONGEST - 1} fit into a key of Kubernetes; shorten one of them`,
      }));
    }),
  ]);
}

/** Names of rules files: keys of a ConfigMap, with an ending that Falco reads in a directory (since 0.41). */
export function checkRulesFiles({ rulesPackages }: Settings): SettingsFinding[] {
  return Object.entries(rulesPackages).flatMap(([name, files]) =>
    Object.keys(files)
      .filter((file) => !isRulesFile(file))
      .map((file) => ({
        path: ['rulesPackages', name, file],
        message: `'${file}' is not a name that Falco would read: letters, digits, '-', '_' and '.', ending in .yaml or .yml`,
      })),
  );
}
