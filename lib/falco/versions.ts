import type { ObjectNode } from '../schema/node';
import { configSchema as configSchema0_44_1 } from './generated/0.44.1/config-schema';
import { fieldSource as fieldSource0_44_1 } from './generated/0.44.1/field-source';
import { stockIndex as stockIndex0_44_1 } from './generated/0.44.1/stock-index';
import { nearest } from '../schema/nearest';
import type { FieldSource } from './field-source';
import type { StockIndex } from './stock-index';

/** What is known about one plugin that goes with a Falco version. */
interface FalcoPluginRow {
  readonly version: string;
  /** The file name of its library. */
  readonly library: string;
  /** The least Falco version it runs in. */
  readonly leastFalco: string;
  /** The version of Falco's plugin API it was built for, where known. */
  readonly pluginApi?: string;
  /** Whether Falco's image holds it. */
  readonly inImage: boolean;
}

/** What is known about one Falco version. */
export interface FalcoRow {
  readonly version: FalcoVersion;
  /** The version of the rule engine, which `required_engine_version` of a rules file asks for. */
  readonly engine: string;
  /** The version of the stock rules in Falco's image. */
  readonly stockRules: string;
  readonly plugins: { readonly container: FalcoPluginRow; readonly k8smeta: FalcoPluginRow };
  /** The shape of its configuration; built on the first call. */
  readonly configSchema: () => ObjectNode;
  /** The names in its stock rules; built on the first call. */
  readonly stockIndex: () => StockIndex;
  /** Its fields and events. */
  readonly fieldSource: FieldSource;
}

/** One row a version, oldest first. To add one, see `docs/adding-a-falco-version.md`. */
const ROWS = {
  '0.44.1': {
    engine: '0.62.0',
    stockRules: '5.1.0',
    plugins: {
      container: { version: '0.7.1', library: 'libcontainer.so', leastFalco: '0.41.0', inImage: true },
      k8smeta: {
        version: '0.4.1',
        library: 'libk8smeta.so',
        leastFalco: '0.40.0',
        pluginApi: '3.9.0',
        inImage: false,
      },
    },
    configSchema: once(configSchema0_44_1),
    stockIndex: once(stockIndex0_44_1),
    fieldSource: fieldSource0_44_1,
  },
} as const satisfies Record<string, Omit<FalcoRow, 'version'>>;

/** A Falco version that there is a row for. */
export type FalcoVersion = keyof typeof ROWS;

/** The Falco versions there is a row for, oldest first. */
export const FALCO_VERSIONS = Object.keys(ROWS) as readonly FalcoVersion[];

/** A Falco version that there is no row for. */
export class UnknownFalcoVersionError extends Error {
  override readonly name = 'UnknownFalcoVersionError';
  readonly code = 'UNKNOWN_FALCO_VERSION';

  constructor(
    readonly version: string,
    /** The known version that is closest. */
    readonly nearest: FalcoVersion | undefined,
  ) {
    const hint = nearest === undefined ? '' : `; the nearest known one is ${nearest}`;
    super(`Falco version '${version}' is not known${hint}. Known: ${FALCO_VERSIONS.join(', ')}.`);
  }
}

/** Whether there is a row for a Falco version. */
export function isFalcoVersion(version: string): version is FalcoVersion {
  return Object.hasOwn(ROWS, version);
}

/**
 * What is known about a Falco version.
 *
 * @throws {@link UnknownFalcoVersionError} naming the nearest version there is a row for
 */
export function falcoVersion(version: string): FalcoRow {
  if (!isFalcoVersion(version)) {
    throw new UnknownFalcoVersionError(version, nearestVersion(version, FALCO_VERSIONS));
  }
  return { version, ...ROWS[version] };
}

/** The version closest by number; for text that is no version, by spelling. */
function nearestVersion<V extends string>(version: string, known: readonly V[]): V | undefined {
  const wanted = weight(version);
  if (wanted === undefined) return known.find((candidate) => candidate === nearest(version, known));
  const distance = (candidate: V): number => Math.abs((weight(candidate) ?? Infinity) - wanted);
  return known.toSorted((a, b) => distance(a) - distance(b))[0];
}

function weight(version: string): number | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  if (match === null) return undefined;
  const [, major = 0, minor = 0, patch = 0] = match;
  return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
