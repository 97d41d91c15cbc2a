export { egressRules, IO_URING_RULE, OUTBOUND_RULE, type EgressRulesOptions } from './egress-rules';
export { egressTo } from './egress-to';
export { commandLineFields, type CommandLine, type EgressOutputOptions } from './output';
export { vistatechRules } from './vistatech-rules';
