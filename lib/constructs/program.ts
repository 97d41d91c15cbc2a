import type { V1ConfigMap } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { readProgram, type Program } from '../program/parts';
import { all, is, some, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { shortDigest } from './digest';
import { metadata } from './metadata';
import { namespaced } from './object';
import { makesSecrets } from './needed-secrets';

let built: Program | undefined;

/** The program of this package, read once. */
export function builtProgram(): Program {
  built ??= readProgram();
  return built;
}

/** Settings that decide where the program comes from. */
export type ProgramConfigMapsProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'namespaces'
  | 'sidekick'
  | 'sidekickUi'
  | 'responder'
  | 'secrets'
  | 'labels'
  | 'annotations'
> &
  ProgramProps;

/** Another program than that of this package. */
export interface ProgramProps {
  /** What runs in the cluster. @default the program of this package */
  readonly program?: Program;
}

/**
 * ConfigMaps with our program, from which `Responder` and `SecretsJob` run on a stock Node image; none where
 * `responder.program` is `image`, or nothing runs it.
 *
 * One part a ConfigMap, since `kubectl apply` keeps each object in an annotation of at most 256 KiB. Their names hold a
 * digest of the program, and what they hold never changes: while a release rolls, Pods of the old one find their own.
 */
export class ProgramConfigMaps extends Construct {
  constructor(scope: Construct, id: string, props: ProgramConfigMapsProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const runs = some(settings.responder.enabled, makesSecrets(settings));
    when(all(is(settings.responder.program, 'bundle'), runs), () => {
      this.addAll(settings, props.program ?? builtProgram());
    });
  }

  private addAll(settings: Settings, program: Program): void {
    this.add(settings, program, 'start', {
      data: { 'start.cjs': program.start, 'index.json': program.index },
    });
    program.parts.forEach(({ name, base64 }, index) => {
      this.add(settings, program, String(index), { binaryData: { [name]: base64 } });
    });
  }

  private add(
    settings: Settings,
    program: Program,
    part: string,
    content: Partial<Pick<V1ConfigMap, 'data' | 'binaryData'>>,
  ): void {
    namespaced(this, part, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'responder', {
        name: programConfigMapName(settings, program, part),
        namespace: settings.namespaces.services,
        // Old ones go once nothing runs from them any more.
        annotations: { 'argocd.argoproj.io/sync-options': 'PruneLast=true' },
      }),
      immutable: true,
      ...content,
    });
  }
}

/** The start script is no part of the program's own digest, nor is how it is packed. */
export function programConfigMapName(settings: Settings, program: Program, part: string): string {
  return `${settings.name}-program-${shortDigest(program.start + program.index)}-${part}`;
}
