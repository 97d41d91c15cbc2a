import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** Names of rules files: keys of a ConfigMap, with an ending that Falco reads in a directory (since 0.41). */
export function checkRulesPackages(settings: Settings): SettingsFinding[] {
  return Object.entries(settings.rulesPackages).flatMap(([name, files]) =>
    Object.keys(files).flatMap((file) =>
      /^[-._a-zA-Z0-9]{1,200}\.ya?ml$/.test(file)
        ? []
        : [
            {
              path: ['rulesPackages', name, file],
              message: `'${file}' is not a name that Falco would read: letters, digits, '-', '_' and '.', ending in .yaml or .yml`,
            },
          ],
    ),
  );
}
