import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAlert } from '../../lib/responder/alert-body';

/** What the real falcosidekick sent to a webhook; recorded data that only lies beside the working copy. */
const recording = join(__dirname, '../../../shared/data/falcosidekick-2.34.jsonl');

(existsSync(recording) ? test : test.skip)(
  'every alert that the real falcosidekick forwards is well-formed',
  () => {
    const bodies = readFileSync(recording, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { kind: string; output?: string; request?: { body: string } })
      .filter(({ kind, output }) => kind === 'forwarded' && output?.startsWith('webhook'))
      .map(({ request }) => request?.body ?? '');
    expect(bodies.length).toBeGreaterThan(50);
    const refused = bodies.filter((body) => !('alerts' in checkAlert(JSON.parse(body))));
    expect(refused).toEqual([]);
  },
);
