import { VERSION } from '../version';

/** What a new project depends on, each at the version with which this package is tested. */
export const DEPENDENCIES = {
  cdk8s: '2.70.106',
  constructs: '10.8.1',
  'falco-egress': VERSION,
} as const;

/** What only its tests and its compiler need. */
export const DEV_DEPENDENCIES = {
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  jest: '30.5.0',
  typescript: '6.0.3',
} as const;
