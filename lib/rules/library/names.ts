/** The rule that reports every outbound connection of a Pod that isn't declared. */
export const OUTBOUND_RULE = 'kubernetes outbound connection';

/** The rule that reports the one way to connect that Falco can't see. */
export const IO_URING_RULE = 'kubernetes io_uring setup';

/** The rule that records every outbound connection of a Pod. */
export const RECORD_RULE = 'kubernetes outbound connection record';

export { CANARY_RULE } from '../../names';
