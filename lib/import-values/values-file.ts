import type { Finding } from '../rules/finding';
import { nearest } from '../schema/nearest';
import { environmentSchema } from '../settings/generated/schema';
import { readPositionedYaml, type PositionedYaml } from '../synth/positions';
import { isEmpty, isMap } from './mapping';

/** Nothing that values could be read from. */
export class ValuesFileError extends Error {
  override readonly name = 'ValuesFileError';
  readonly code = 'INVALID_VALUES_FILE';

  constructor(readonly findings: readonly Finding[]) {
    // Without the line of the file: it may hold a secret.
    super(
      findings
        .map(
          ({ file, line, column, severity, code, message }) =>
            `${file}:${line}:${column} ${severity} ${code} ${message}`,
        )
        .join('\n'),
    );
  }
}

/** Far above any values file: the chart's own has 80 kB. */
const MOST = 4 * 1024 * 1024;

const GET_VALUES = 'write the values alone: helm get values RELEASE -n NAMESPACE -o yaml';

/**
 * Reads a values file of the official chart.
 *
 * @param chartKeys what the chart has at the top
 * @throws {@link ValuesFileError} where it is something else
 */
export function readValuesFile(file: string, text: string, chartKeys: ReadonlySet<string>): PositionedYaml {
  if (text.length > MOST) throw refusal(file, 'too-large', 'larger than any values file: 4 MiB at most');
  const strange = /(?![\t\n\r])[\p{Cc}\ufffd]/u.exec(text);
  if (strange !== null)
    throw refusal(file, 'not-text', 'not a text file in UTF-8', placeOf(text, strange.index));
  if (/^NAME: .*\nLAST DEPLOYED: /.test(text))
    throw refusal(file, 'release', `what helm says about a release; ${GET_VALUES}`);
  const yaml = readPositionedYaml(file, text, { merge: true });
  if (yaml.errors.length > 0) throw new ValuesFileError(yaml.errors.map(inOurWords));
  const { value } = yaml;
  if (isEmpty(value)) throw refusal(file, 'no-values', 'no values: the file is empty');
  if (!isMap(value)) throw refusal(file, 'not-a-map', 'not a map of values');
  const kind = otherKind(value, chartKeys);
  if (kind !== undefined) throw refusal(file, ...kind);
  return yaml;
}

function inOurWords(finding: Finding): Finding {
  return finding.code === 'second-document'
    ? { ...finding, message: 'a second document; a values file has one, so import each by itself' }
    : finding;
}

/** Something else that people have at hand when they are asked for their values. */
function otherKind(
  value: Readonly<Record<string, unknown>>,
  chartKeys: ReadonlySet<string>,
): [string, string] | undefined {
  const keys = Object.keys(value);
  const has = (...names: readonly string[]): boolean => names.every((name) => keys.includes(name));
  if (has('apiVersion', 'kind'))
    return ['kubernetes-object', `an object of Kubernetes (${String(value['kind'])}); ${hint(value)}`];
  if (has('name', 'info', 'chart') || has('chart', 'config', 'manifest'))
    return ['release', `a release of Helm; its values are under config: ${GET_VALUES}`];
  if (has('apiVersion', 'version') && has('name'))
    return ['chart', `Chart.yaml; the values are in the file beside it`];
  const own = keys.filter((key) => Object.hasOwn(environmentSchema.keys, key) && !chartKeys.has(key));
  if (
    own.length > 0 &&
    !keys.some((key) => chartKeys.has(key) && !Object.hasOwn(environmentSchema.keys, key))
  )
    return [
      'own-settings',
      `settings of falco-egress already (${own.slice(0, 3).join(', ')}); synthesize them: falco-egress synth --settings FILE`,
    ];
  if (!keys.some((key) => chartKeys.has(key) || nearest(key, chartKeys) !== undefined))
    return ['not-values', 'none of its keys is one of the official falco chart'];
  return undefined;
}

function hint({ kind }: Readonly<Record<string, unknown>>): string {
  if (kind === 'Application' || kind === 'ApplicationSet')
    return 'write what is under spec.source.helm.values into a file of its own';
  if (kind === 'HelmRelease') return 'write what is under spec.values into a file of its own';
  return GET_VALUES;
}

function refusal(
  file: string,
  code: string,
  message: string,
  place = { line: 1, column: 1 },
): ValuesFileError {
  return new ValuesFileError([{ file, ...place, length: 1, severity: 'error', code, message }]);
}

function placeOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
