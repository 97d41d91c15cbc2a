import type { V1EnvVar } from '@kubernetes/client-node';

const MEBIBYTES = 'MEMORY_LIMIT_MIB';

/**
 * Tells a program of Go of its limit of memory, near which its garbage collector works harder: 95 % of it, each MiB being a
 * million bytes. The rest is for what the kernel counts as the container's, and Go doesn't.
 */
export function goMemoryLimit(): V1EnvVar[] {
  return [
    { name: MEBIBYTES, valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
    { name: 'GOMEMLIMIT', value: `$(${MEBIBYTES})000000` },
  ];
}
