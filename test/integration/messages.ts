import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const BUILD = resolve(__dirname, '../../tools/messages/build.mjs');

/** A message to be rendered: by falcosidekick's template of an alert, or by Alertmanager's templates of a group of alerts. */
export type Asked =
  | { readonly falcosidekick: string; readonly alert: object }
  | {
      readonly alertmanager: string;
      readonly files: readonly string[];
      readonly alerts: readonly object[];
      readonly group: Readonly<Record<string, string>>;
    };

/** Renders messages as the programs do that send them. */
export class Messages {
  /** Builds what renders them, where that was not done before. */
  static build(): Messages {
    const { stdout } = spawnSync(process.execPath, [BUILD], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Messages((JSON.parse(stdout) as { messages: string }).messages);
  }

  private constructor(private readonly program: string) {}

  /** The text of a message. */
  render(asked: Asked): string {
    const { stdout, stderr } = spawnSync(this.program, {
      encoding: 'utf8',
      input: `${JSON.stringify(asked)}\n`,
    });
    const { text, error } = JSON.parse(stdout || JSON.stringify({ error: stderr })) as {
      text?: string;
      error?: string;
    };
    if (text === undefined) throw new Error(error);
    return text;
  }
}
