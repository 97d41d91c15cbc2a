import type { Component } from '../../names';
import { jobName } from '../job';
import { PROMETHEUS, type Line, type PanelProps } from './parts';

/** The selector of a component's metrics, of the installation that is chosen. */
export const job = (component: Component): string => `job="${jobName('$installation', component)}"`;

export const FALCO = job('falco');
/** A panel out of Prometheus. */
export const panel = (title: string, description: string, width: number, unit?: string): PanelProps => ({
  title,
  description,
  source: PROMETHEUS,
  width,
  ...(unit !== undefined && { unit }),
});

/** How fast a counter grows. */
export const rate = (metric: string, labels: string): string =>
  `rate(${metric}{${labels}}[$__rate_interval])`;

/** A query, and how its series are called. */
export const line = (expr: string, legend: string): Line => ({ expr, legend });
