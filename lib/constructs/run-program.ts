import type {
  V1Container,
  V1EnvVar,
  V1Volume,
  V1VolumeMount,
  V1VolumeProjection,
} from '@kubernetes/client-node';
import { NODE_FLAGS } from '../program/node-flags';
import type { Program } from '../program/parts';
import { either, is } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { image } from './image';
import { builtProgram, programConfigMapName, type ProgramProps } from './program';

/** The user of the stock Node image. Fact: its Dockerfile adds `node` with this id. */
export const PROGRAM_USER = 1000;

const DIRECTORY = '/opt/falco-egress';

const VOLUME = 'program';

/** What of a Pod runs the program. */
export interface ProgramParts {
  readonly container: Pick<V1Container, 'image' | 'imagePullPolicy' | 'command' | 'args'>;
  readonly env: readonly V1EnvVar[];
  readonly mount: V1VolumeMount | undefined;
  readonly volume: V1Volume | undefined;
}

/** How a Pod runs the program, with its subcommand and arguments. */
export function runProgram(
  settings: Settings,
  args: readonly string[],
  { program: other }: ProgramProps,
): ProgramParts {
  return either<ProgramParts>(
    is(settings.responder.program, 'bundle'),
    () => {
      const program = other ?? builtProgram();
      return {
        container: {
          ...image(settings, 'node'),
          command: ['node', ...NODE_FLAGS, `${DIRECTORY}/start.cjs`],
          args: [...args],
        },
        // The start script runs no other, so ConfigMaps of another release are noticed.
        env: [{ name: 'PROGRAM_SHA256', value: program.sha256 }],
        mount: { name: VOLUME, mountPath: DIRECTORY, readOnly: true },
        volume: { name: VOLUME, projected: { sources: sources(settings, program) } },
      };
    },
    () => ({
      container: { ...image(settings, 'program'), args: [...args] },
      env: [],
      mount: undefined,
      volume: undefined,
    }),
  );
}

function sources(settings: Settings, program: Program): V1VolumeProjection[] {
  return ['start', ...program.parts.keys()].map((part) => ({
    configMap: { name: programConfigMapName(settings, program, String(part)) },
  }));
}
