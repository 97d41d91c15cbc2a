import { PREFIX } from '../names';

/** Labels by which controllers and meshes know a Pod: without them it is another Pod to them, or none. */
const UNTOUCHABLE = [
  `${PREFIX}/*`,
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/*',
  'controller-uid',
  'job-name',
  'istio.io/*',
  'security.istio.io/*',
  'service.istio.io/*',
  'sidecar.istio.io/*',
  'topology.istio.io/*',
  'linkerd.io/*',
  'kuma.io/*',
  'consul.hashicorp.com/*',
];

/** What a ReplicaSet knows its Pods by. */
const TEMPLATE_HASH = 'pod-template-hash';

/** Whether a label stays on its Pod; a `*` at the end of a further one means every key that begins so. */
export function isUntouchable(key: string, further: readonly string[], detach: boolean): boolean {
  if (key === TEMPLATE_HASH && !detach) return true;
  return [...UNTOUCHABLE, ...further].some((each) =>
    each.endsWith('*') ? key.startsWith(each.slice(0, -1)) : key === each,
  );
}
