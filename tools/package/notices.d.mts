/** What is used of what esbuild reports. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

export const PERMISSIVE: readonly string[];
export function bundledPackages(metafile: Metafile): string[];
export function notices(root: string, folders: readonly string[]): string;
