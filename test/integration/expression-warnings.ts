import { waitUntil } from './control-plane/wait';

interface AdmissionPolicy {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: unknown };
  };
}

/** Runs kubectl and gives what it printed. */
type Admin = (args: readonly string[]) => Promise<string>;

/** What the API server's type check says of each ValidatingAdmissionPolicy of these names, once it has looked. */
export async function expressionWarnings(
  admin: Admin,
  names: (name: string) => boolean,
): Promise<ReadonlyMap<string, unknown>> {
  const read = async (): Promise<readonly AdmissionPolicy[]> => {
    const text = await admin(['get', 'validatingadmissionpolicy', '-o', 'json']);
    return (JSON.parse(text) as { items: AdmissionPolicy[] }).items.filter(({ metadata }) =>
      names(metadata.name),
    );
  };
  await waitUntil(
    async () =>
      (await read()).every(({ metadata, status }) => status?.observedGeneration === metadata.generation),
    30_000,
    () => Promise.resolve(new Error('the expressions were never checked')),
  );
  return new Map(
    (await read()).map(({ metadata, status }) => [metadata.name, status?.typeChecking?.expressionWarnings]),
  );
}
