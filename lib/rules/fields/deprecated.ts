const KUBERNETES = /^k8s\.(ns|rc|svc|rs|deployment)\.(name|id|label|labels)$/;

/** Why not to use a deprecated field, and what to use instead. */
export function whyDeprecated(name: string): string {
  const [, kind, part] = KUBERNETES.exec(name) ?? [];
  if (kind !== undefined && part !== undefined) {
    const instead = `k8smeta.${kind}.${part === 'id' ? 'uid' : part}${part === 'label' ? '[…]' : ''}`;
    return `it never has a value; use ${instead}`;
  }
  if (name === 'evt.dir') return "events come once, at their call's end: '<' is always true, '>' never";
  if (name.includes('latency')) return 'it is always 0: events come once, at the end of their call';
  return 'it goes away in a future version of Falco';
}
