/**
 * What an alert about an outbound connection tells. Falco prints `<NA>` for what it doesn't know; `asked` is the
 * address of a connect, the only one there is when it was refused.
 *
 * No command line and no environment: they hold secrets, and alerts travel far.
 */
export const EGRESS_FIELDS = [
  'pod=%k8s.pod.name',
  'namespace=%k8s.ns.name',
  'poduid=%k8s.pod.uid',
  'container=%container.id',
  'srcip=%fd.cip',
  'srcport=%fd.cport',
  'dstip=%fd.sip',
  'dstport=%fd.sport',
  'asked=%evt.arg.addr',
  'proto=%fd.l4proto',
  'procname=%proc.name',
  'event=%evt.type',
  'result=%evt.res',
].join(' ');

/** The same for events that have nothing to do with a connection. */
export const POD_FIELDS = [
  'pod=%k8s.pod.name',
  'namespace=%k8s.ns.name',
  'poduid=%k8s.pod.uid',
  'container=%container.id',
  'procname=%proc.name',
].join(' ');
