/** When something of the API server can have been reached first, in milliseconds since 1970: it counts seconds. */
export function reachableFrom({
  created = -Infinity,
}: { readonly created?: number | undefined } = {}): number {
  return created - 1000;
}
