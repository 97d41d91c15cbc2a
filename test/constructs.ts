import { Testing } from 'cdk8s';
import type { Construct } from 'constructs';

/** An object of a synthesized chart. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** The objects that constructs add to an empty chart. */
export function synthesize(make: (scope: Construct) => void): KubeObject[] {
  const chart = Testing.chart();
  make(chart);
  return Testing.synth(chart) as KubeObject[];
}
