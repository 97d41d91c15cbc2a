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

/** Actions of its workflow, by commit: those of our own workflows. */
export const ACTIONS = {
  checkout: 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0',
  setupNode: 'actions/setup-node@2028fbc5c25fe9cf00d9f06a71cc4710d4507903 # v6.0.0',
} as const;

/** The Node of its workflow: the one of our own. */
export const NODE_OF_WORKFLOW = 20;
