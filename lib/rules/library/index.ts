export { egressRules, IO_URING_RULE, OUTBOUND_RULE, type EgressRulesOptions } from './egress-rules';
export { egressTo, egressToNetworks } from './egress-to';
export { commandLineFields, type CommandLine, type EgressOutputOptions } from './output';
export { OUTBOUND_PUBLIC, outboundPublic, PRIVATE_NETWORKS } from './outbound-public';
export { vistatechRules } from './vistatech-rules';
