import { Generation } from '../../lib/helm/generation';
import { TokenError } from '../../lib/helm/token-error';
import { valueTokens } from '../../lib/helm/values';
import { each, either, given, is, when } from '../../lib/settings/decide';
import { environmentSchema } from '../../lib/settings/generated/schema';
import type { Settings } from '../../lib/settings/settings';
import { whileUndecided } from '../../lib/settings/token';

/** Does something with settings that nobody has set. */
function undecided<T>(make: (settings: Settings, generation: Generation) => T): T {
  const generation = new Generation();
  const settings = valueTokens(environmentSchema, generation.tokens, generation.marks) as Settings;
  return whileUndecided(generation, () => make(settings, generation));
}

describe('a token that is looked into otherwise than by decide.ts says which', () => {
  test.each<[string, (settings: Settings) => unknown, string]>([
    ['a number that is compared', ({ sidekick }) => sidekick.replicas > 1, '.Values.sidekick.replicas'],
    ['a number that is counted with', ({ sidekick }) => sidekick.replicas + 1, '.Values.sidekick.replicas'],
    ['a truth value as JSON', ({ demo }) => JSON.stringify(demo.enabled), '.Values.demo.enabled'],
    ['the length of a list', ({ responses }) => responses.length, '.Values.responses'],
    ['an item of a list', ({ exempt }) => exempt.values[0], '.Values.exempt.values'],
    ['a list that is mapped', ({ images }) => images.pullSecrets.map(String), '.Values.images.pullSecrets'],
    ['a key of a map', ({ labels }) => labels['app'], '.Values.labels'],
    ['a map that is asked for a key', ({ labels }) => 'app' in labels, '.Values.labels'],
  ])('%s', (_what, look, name) => {
    undecided((settings) => {
      expect(() => look(settings)).toThrow(TokenError);
      expect(() => look(settings)).toThrow(name);
    });
  });
});

test('two charts have different marks, and each knows only its own', () => {
  const [name, other] = [undecided(({ name }) => name), undecided(({ name }) => name)];
  expect(name).not.toBe(other);
  expect(name).toMatch(/^[a-z0-9]+$/);
  undecided((_settings, generation) => {
    expect(generation.isOpen(name)).toBe(false);
  });
});

test('a mark that is left, or cut into pieces, is an error that names the place', () => {
  undecided(({ name }, { marks }) => {
    expect(() => {
      marks.assertNone(`a ${name} b`, 'sidekick/config');
    }).toThrow('sidekick/config');
    expect(() => marks.split(name.slice(0, -1))).toThrow('cut');
  });
});

test('what is made under a condition is not asked for it again', () => {
  undecided(({ sidekick }, generation) => {
    when(sidekick.enabled, () => {
      const inner = when(sidekick.enabled, () => 'yes');
      expect(inner).toBe('yes');
      expect(generation.scopes()).toHaveLength(1);
    });
    expect(generation.scopes()).toHaveLength(0);
  });
});

test('a list is given as soon as one of its items surely is there', () => {
  undecided(({ demo, responses }) => {
    const maybe = when(demo.enabled, () => 'item');
    expect(given(['item', maybe])).toBe(true);
    expect(typeof given([maybe])).toBe('object');
    expect(typeof given(each(responses, () => 'item'))).toBe('object');
  });
});

test('a choice between texts can stand in a text, and its fields are choices', () => {
  undecided(({ tls }, { marks, tokens }) => {
    const none = is(tls.issuer, 'none');
    const pair = either(
      none,
      () => ({ port: 1, name: 'a' }),
      () => ({ port: 2, name: 'a' }),
    );
    expect(pair.name).toBe('a');
    expect(tokens.nodeOf(pair.port)?.is).toBe('choice');
    expect(marks.split(`port ${pair.port}`)).toMatchObject(['port ', { is: 'choice', yes: '1', no: '2' }]);
  });
});

test('outside of a chart decisions are taken at once', () => {
  expect(
    either(
      true,
      () => 1,
      () => 2,
    ),
  ).toBe(1);
});
