export { egressRules, IO_URING_RULE, OUTBOUND_RULE, type EgressRulesOptions } from './egress-rules';
export { egressTo } from './egress-to';
export { vistatechRules } from './vistatech-rules';
