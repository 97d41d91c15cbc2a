import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../constructs';
import { CHART, HELM_ENVIRONMENT, helmPrograms, KUBERNETES, yaml, type HELMS } from './helm';

/** A line of tools/control-plane/helm3/render or helm4/render. */
interface Answer {
  readonly files?: Readonly<Record<string, string>>;
  readonly error?: string;
}

/** Helm's own engine, rendering the chart for many values: several times as fast as a `helm template` for each. */
export class HelmRenderer {
  /** Most files come out the same for most values. */
  private readonly objectsOf = new Map<string, readonly KubeObject[]>();
  private readonly waiting: { done: (answer: Answer) => void; fail: (error: Error) => void }[] = [];

  static async start(helm: (typeof HELMS)[number]): Promise<HelmRenderer> {
    const program = (await helmPrograms()).get(`${helm}-render`);
    if (program === undefined) throw new Error(`tools/control-plane/build.mjs names no ${helm}-render`);
    return new HelmRenderer(spawn(program, [CHART, KUBERNETES], { env: HELM_ENVIRONMENT }));
  }

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    createInterface({ input: child.stdout }).on('line', (line) =>
      this.waiting.shift()?.done(JSON.parse(line) as Answer),
    );
    const failAll = (error: Error) => {
      this.waiting.splice(0).forEach(({ fail }) => {
        fail(error);
      });
    };
    child.stdin.on('error', failAll);
    child.once('error', failAll);
    child.once('close', (code) => {
      failAll(new Error(`exit ${String(code)}: ${errors}`));
    });
  }

  /**
   * The objects that the chart makes of these values, its hooks too. Throws what Helm says where it refuses them.
   *
   * @param options `skipSchema`: the values are known to fit the schema, which takes long to compile each time
   */
  async render(values: object, { skipSchema = false } = {}): Promise<readonly KubeObject[]> {
    const answer = await new Promise<Answer>((done, fail) => {
      this.waiting.push({ done, fail });
      this.child.stdin.write(`${JSON.stringify({ values: yaml(values), skipSchema })}\n`);
    });
    if (answer.files === undefined) throw new Error(answer.error);
    return Object.entries(answer.files)
      .filter(([name]) => name.endsWith('.yaml'))
      .flatMap(([, text]) => this.objects(text));
  }

  stop(): void {
    this.child.stdin.end();
  }

  private objects(text: string): readonly KubeObject[] {
    const known = this.objectsOf.get(text);
    if (known !== undefined) return known;
    const objects = (loadAll(text) as (KubeObject | null)[]).filter((object) => object !== null);
    this.objectsOf.set(text, objects);
    return objects;
  }
}
