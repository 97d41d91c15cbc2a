import { falcoVersion, FALCO_VERSIONS, type FalcoRow } from '../../falco/versions';
import { LIBRARY_PACKAGES, libraryFile, type LibraryPackage } from '../../rules/library/library-file';
import { DEFAULT_PLUGINS, type LoadOptions } from '../../rules/load';
import type { RulesFile } from '../../rules/render';
import { nearest } from '../../schema/nearest';
import { UsageError } from '../../synth/usage-error';
import { findStock, readInputs, type RulesInput, type Stock } from './input';

/** Options of the commands that load rules files as some Falco would. */
export const FALCO_OPTIONS = {
  stock: { type: 'string' },
  'no-stock': { type: 'boolean' },
  library: { type: 'string' },
  falco: { type: 'string' },
  plugins: { type: 'string' },
} as const;

interface FalcoValues {
  readonly stock?: string | undefined;
  readonly 'no-stock'?: boolean | undefined;
  readonly library?: string | undefined;
  readonly falco?: string | undefined;
  readonly plugins?: string | undefined;
}

/** Rules files, and the Falco that they are loaded by. */
export interface RulesForFalco {
  readonly inputs: readonly RulesInput[];
  /** What Falco loads after the stock rules: packages of ours that were asked for, then what the inputs hold. */
  readonly files: readonly RulesFile[];
  readonly library: readonly LibraryPackage[];
  readonly stock: Stock;
  readonly row: FalcoRow;
  readonly plugins: readonly string[];
  /** The same for {@link loadRules}. */
  readonly load: LoadOptions;
}

/**
 * Reads rules files, and what is loaded before them.
 *
 * @throws {@link UsageError} for options that contradict each other, and for paths that aren't there
 */
export function rulesForFalco(values: FalcoValues, paths: readonly string[]): RulesForFalco {
  if (values.stock !== undefined && values['no-stock'] === true)
    throw new UsageError('--stock and --no-stock contradict each other');
  const row = falcoVersion(fullVersion(values.falco));
  const plugins = values.plugins?.split(',').filter((name) => name !== '') ?? DEFAULT_PLUGINS;
  const inputs = readInputs(paths);
  const stock = findStock(values['no-stock'] === true ? false : values.stock, inputs, row);
  const library =
    values.library
      ?.split(',')
      .filter((name) => name !== '')
      .map(packageOf) ?? [];
  const files = [
    ...library.map((name) => libraryFile(name, plugins)),
    ...inputs.flatMap(({ rules }) => rules.map(({ file }) => file)),
  ];
  const load = { falco: row.version, plugins, ...(stock.rules && { stock: stock.rules }) };
  return { inputs, files, library, stock, row, plugins, load };
}

function packageOf(name: string): LibraryPackage {
  const known = LIBRARY_PACKAGES.find((each) => each === name);
  if (known !== undefined) return known;
  const meant = nearest(name, LIBRARY_PACKAGES);
  const hint = meant === undefined ? `there are ${LIBRARY_PACKAGES.join(', ')}` : `did you mean '${meant}'?`;
  throw new UsageError(`--library: there is no package '${name}' of our rules; ${hint}`);
}

/** `0.44` is the newest 0.44 that is known. */
function fullVersion(version: string | undefined): string {
  if (version === undefined) return FALCO_VERSIONS.at(-1) ?? '';
  return FALCO_VERSIONS.findLast((known) => known.startsWith(`${version}.`)) ?? version;
}
