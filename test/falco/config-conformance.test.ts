import Ajv from 'ajv';
import fc from 'fast-check';
import { CONFIG_SCHEMA_SOURCE } from '../../tools/generate/falco-config';
import { checkFalcoConfig, type FalcoConfig } from '../../lib/falco/config';
import { FULL_CONFIG } from './full-config';
import { testWith } from './falco-data';
import { mutations, places, type Json } from './mutations';

/** With the two keys that Falco's schema knows and Falco does not read. */
const config = JSON.parse(
  JSON.stringify({
    ...FULL_CONFIG,
    rule_files: ['/etc/falco/rules.d'],
    container_engines: {
      bpm: { enabled: false },
      cri: { enabled: true, disable_async: false, sockets: ['/run/containerd/containerd.sock'] },
      docker: { enabled: false },
      libvirt_lxc: { enabled: false },
      lxc: { enabled: false },
      podman: { enabled: false },
    },
  } satisfies FalcoConfig),
) as Json;

/** Our verdict on what Falco's schema speaks of; Falco's schema knows nothing of refused and ignored values. */
function weAccept(value: unknown): boolean {
  const findings = checkFalcoConfig(value, '0.44.1');
  return findings.every(({ code }) => code === 'refused' || code === 'ignored');
}

/** Falco's schema, compiled by ajv. It is draft-06, of which it uses nothing that later drafts changed. */
function compile(text: string): (value: unknown) => boolean {
  const schema = JSON.parse(text) as Record<string, unknown>;
  delete schema['$schema'];
  const ajv = new Ajv({ strict: false, strictNumbers: true, logger: false });
  return (value) => ajv.validate(schema, value);
}

describe("our check and Falco 0.44.1's own schema", () => {
  testWith(CONFIG_SCHEMA_SOURCE, 'agree on every single mutation of a full configuration', (text) => {
    const theyAccept = compile(text);
    const count = { accepted: 0, rejected: 0 };
    const disagreements: string[] = [];
    for (const mutation of mutations(config)) {
      const mutated = mutation.apply(config);
      const theirs = theyAccept(mutated);
      count[theirs ? 'accepted' : 'rejected']++;
      if (weAccept(mutated) !== theirs) disagreements.push(mutation.what);
    }
    expect(disagreements).toEqual([]);
    expect(count.accepted).toBeGreaterThan(500);
    expect(count.rejected).toBeGreaterThan(500);
    expect(count).toMatchInlineSnapshot(`
     {
       "accepted": 998,
       "rejected": 5541,
     }
    `);
  });

  testWith(CONFIG_SCHEMA_SOURCE, 'agree on a thousand heaps of mutations', (text) => {
    const theyAccept = compile(text);
    const all = [...mutations(config)];
    const harmless = all.filter((mutation) => theyAccept(mutation.apply(config)));
    const count = { accepted: 0, rejected: 0 };
    const heap = fc.oneof(
      fc.array(fc.constantFrom(...harmless), { minLength: 2, maxLength: 8 }),
      fc.array(fc.constantFrom(...all), { minLength: 2, maxLength: 4 }),
    );
    fc.assert(
      fc.property(heap, (chosen) => {
        const mutated = chosen.reduce<Json>((whole, mutation) => mutation.apply(whole), config);
        const theirs = theyAccept(mutated);
        count[theirs ? 'accepted' : 'rejected']++;
        expect(weAccept(mutated)).toBe(theirs);
      }),
      { seed: 441, numRuns: 1000 },
    );
    expect(count.accepted).toBeGreaterThan(200);
    expect(count.rejected).toBeGreaterThan(200);
  });

  testWith(CONFIG_SCHEMA_SOURCE, 'agree on any JSON at any place', (text) => {
    const theyAccept = compile(text);
    const spots = [...places(config, [])].map(([path]) => path);
    fc.assert(
      fc.property(fc.constantFrom(...spots), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
        const mutated = structuredClone(config) as Record<string, unknown>;
        const last = path.at(-1);
        let parent: unknown = mutated;
        for (const part of path.slice(0, -1)) parent = (parent as Record<string | number, unknown>)[part];
        if (last !== undefined) (parent as Record<string | number, unknown>)[last] = value;
        const whole = last === undefined ? value : mutated;
        expect(weAccept(whole)).toBe(theyAccept(whole));
      }),
      { seed: 442, numRuns: 1000 },
    );
  });
});
