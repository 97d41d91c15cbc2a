import { OWN_PACKAGES } from '../egress';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

const OWN: readonly string[] = OWN_PACKAGES;

/** Names of rules packages, and of their files: keys of a ConfigMap, with an ending that Falco reads in a directory (since 0.41). */
export function checkRulesPackages(settings: Settings): SettingsFinding[] {
  return Object.entries(settings.rulesPackages).flatMap(([name, files]) => [
    ...(OWN.includes(name)
      ? [
          {
            path: ['rulesPackages', name],
            message: `'${name}' is the name of a package of ours; take another one`,
          },
        ]
      : []),
    ...Object.keys(files).flatMap((file) => checkFile(name, file)),
  ]);
}

function checkFile(name: string, file: string): SettingsFinding[] {
  const path = ['rulesPackages', name, file];
  if (!/^[-._a-zA-Z0-9]{1,200}\.ya?ml$/.test(file))
    return [
      {
        path,
        message: `'${file}' is not a name that Falco would read: letters, digits, '-', '_' and '.', ending in .yaml or .yml`,
      },
    ];
  // Its digest stands in an annotation of this name, and Kubernetes gives that 63 characters.
  const length = `60-${name}.${file}`.length;
  return length > 63
    ? [
        {
          path,
          message: `package and file name together have ${length - 4} characters, and at most 59 fit into a key of Kubernetes; shorten one of them`,
        },
      ]
    : [];
}
