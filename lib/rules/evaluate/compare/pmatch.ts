import { compileGlob } from './glob';

/** What may follow a path's first components. */
interface Directory {
  /** A path ends here: whatever is below it matches. */
  ends: boolean;
  readonly plain: Map<string, Directory>;
  readonly patterns: {
    readonly text: string;
    readonly matches: (name: string) => boolean;
    readonly below: Directory;
  }[];
}

/**
 * What decides whether a path is one of some paths or below one, as Falco's `pmatch` does: component by component, so
 * that `/var/runs` is not below `/var/run`. A component may be a glob (libs' `prefix_search.h`).
 */
export function compilePathMatch(paths: readonly string[]): (path: string) => boolean {
  const root = directory();
  for (const path of paths) add(root, componentsOf(path));
  return (path) => matches(root, componentsOf(path), 0);
}

function directory(): Directory {
  return { ends: false, plain: new Map(), patterns: [] };
}

/** Empty components don't count: `//etc/` is `/etc`, and so is `etc`. */
function componentsOf(path: string): string[] {
  return path.split('/').filter((component) => component !== '');
}

function add(root: Directory, components: readonly string[]): void {
  let at = root;
  for (const component of components)
    at = /[?*[]/.test(component) ? pattern(at, component) : plain(at, component);
  at.ends = true;
}

function plain(parent: Directory, name: string): Directory {
  const below = parent.plain.get(name) ?? directory();
  parent.plain.set(name, below);
  return below;
}

function pattern(parent: Directory, text: string): Directory {
  const known = parent.patterns.find((one) => one.text === text);
  if (known !== undefined) return known.below;
  const below = directory();
  parent.patterns.push({ text, matches: compileGlob(text, false), below });
  return below;
}

function matches(at: Directory, components: readonly string[], index: number): boolean {
  if (at.ends) return true;
  const component = components[index];
  if (component === undefined) return false;
  const below = at.plain.get(component);
  if (below !== undefined && matches(below, components, index + 1)) return true;
  return at.patterns.some((one) => one.matches(component) && matches(one.below, components, index + 1));
}
