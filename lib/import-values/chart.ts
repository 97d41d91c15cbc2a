import { collectors } from './collectors';
import { customRules } from './custom-rules';
import { driver } from './driver';
import { falcoChart } from './falco-chart';
import { falcoctl } from './falcoctl';
import { falcoYaml } from './falco-yaml';
import type { Table } from './mapping';
import { oldChart } from './old-chart';
import { sidekick } from './sidekick';

/**
 * Every value of the official chart falcosecurity/falco, of its versions 1.x (2021) to 9.x with their subcharts, and what
 * becomes of it. Facts: the charts' values.yaml.
 */
export const CHART: Table = {
  ...oldChart,
  ...falcoChart,
  ...driver,
  ...collectors,
  ...falcoctl,
  ...sidekick,
  falco: falcoYaml,
  customRules,
};

/** Names at the top of its values. */
export const CHART_KEYS: ReadonlySet<string> = new Set(
  Object.keys(CHART).map((path) => path.split('.')[0] ?? ''),
);
