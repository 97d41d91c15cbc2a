import { README_TYPESCRIPT, README_YAML } from './readme';
import { typescriptFiles } from './typescript-files';
import { WORKFLOW } from './workflow';
import { yamlFiles } from './yaml-files';

/** Files of a project by their paths from its folder. */
export type ProjectFiles = ReadonlyMap<string, string>;

/**
 * A project to begin with: an environment, a rule, a test, and a workflow that finds manifests that are not what the
 * sources make.
 *
 * @param name name of its folder
 * @param form `typescript` composes constructs; `yaml` has only settings and rules
 */
export function projectFiles(name: string, form: 'typescript' | 'yaml'): ProjectFiles {
  const title = packageName(name);
  return form === 'yaml'
    ? new Map([
        ...yamlFiles(title),
        ['README.md', README_YAML],
        ['.gitignore', 'node_modules/\n'],
        ['.github/workflows/manifests.yaml', WORKFLOW],
      ])
    : new Map([
        ...typescriptFiles(title),
        ['README.md', README_TYPESCRIPT],
        ['.gitignore', 'node_modules/\ndist/\n'],
        ['.github/workflows/manifests.yaml', WORKFLOW],
      ]);
}

/** A name that npm takes; not ours, since a package can't depend on one of its own name. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' || name === 'falco-egress' ? 'falco-egress-stack' : name;
}
