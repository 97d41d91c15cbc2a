import { addressInList } from './address-in-list';
import { alwaysTrue } from './always-true';
import { connectedAfterSend } from './connected-after-send';
import { deprecatedField } from './deprecated-field';
import { emptyFieldComparison } from './empty-field-comparison';
import { endsInAnotherNamespace } from './ends-in-another-namespace';
import { exceptionNeverMatches } from './exception-never-matches';
import { fieldNeverSet } from './field-never-set';
import { globWithoutWildcard } from './glob-without-wildcard';
import type { Lint } from './lint';
import { listInQuotes } from './list-in-quotes';
import { listNotLoaded } from './list-not-loaded';
import { listTooDeep } from './list-too-deep';
import { literalWildcard } from './literal-wildcard';
import { longProcessName } from './long-process-name';
import { loopbackOfOneFamily } from './loopback-of-one-family';
import { metadataMayBeLate } from './metadata-may-be-late';
import { missesRefusedConnects } from './misses-refused-connects';
import { networkOfSeveral } from './network-of-several';
import { neverTrue } from './never-true';
import { numberAsText } from './number-as-text';
import { pathAsProcessName } from './path-as-process-name';
import { protocolWithoutType } from './protocol-without-type';
import { regexOfWholeText } from './regex-of-whole-text';
import { secretsInOutput } from './secrets-in-output';
import { serverOfFailedConnect } from './server-of-failed-connect';
import { variableExists } from './variable-exists';

/** Every lint there is; docs/lints.md has a chapter for each. */
export const LINTS: readonly Lint[] = [
  addressInList,
  alwaysTrue,
  connectedAfterSend,
  deprecatedField,
  emptyFieldComparison,
  endsInAnotherNamespace,
  exceptionNeverMatches,
  fieldNeverSet,
  globWithoutWildcard,
  listInQuotes,
  listNotLoaded,
  listTooDeep,
  literalWildcard,
  longProcessName,
  loopbackOfOneFamily,
  metadataMayBeLate,
  missesRefusedConnects,
  networkOfSeveral,
  neverTrue,
  numberAsText,
  pathAsProcessName,
  protocolWithoutType,
  regexOfWholeText,
  secretsInOutput,
  serverOfFailedConnect,
  variableExists,
];
