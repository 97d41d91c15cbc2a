/**
 * Programs by which service meshes pass on what containers send: Envoy (Istio, Consul, Kuma; Cilium's under a name of its own),
 * Linkerd's proxy, and the ztunnel of Istio's ambient mode.
 */
const MESH_PROXIES: ReadonlySet<string | undefined> = new Set([
  ...['envoy', 'cilium-envoy', 'linkerd2-proxy', 'ztunnel'],
]);

/** Whether a program connects for others, so that an alert of it doesn't tell who asked for the connection. */
export function isMeshProxy(program: string | undefined): boolean {
  return MESH_PROXIES.has(program);
}
