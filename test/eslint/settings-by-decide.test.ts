import { Linter } from 'eslint';
import { settingsByDecide } from '../../tools/eslint/settings-by-decide.mjs';

/** What the rule says about a text, by the way of looking that it names. */
function findings(text: string): string[] {
  return new Linter()
    .verify(text, {
      plugins: { local: { rules: { decide: settingsByDecide } } },
      rules: { 'local/decide': 'error' },
    })
    .map(({ message }) =>
      message.replace(
        ' on a setting is decided before a chart is rendered: use a function of lib/settings/decide.ts',
        '',
      ),
    );
}

test.each([
  ['if (settings.responder.enabled) f();', '`if`'],
  ['if (!settings.responder.enabled) f();', '`if`'],
  ['const x = settings.name ? 1 : 2;', '`?:`'],
  ['const x = settings.demo.enabled && 1;', '`&&`'],
  ['const x = f() || settings.name;', '`||`'],
  ['const x = settings.name ?? 1;', '`??`'],
  ["const x = settings.tls.issuer === 'certManager';", '`===`'],
  ['const x = 1 < settings.sidekick.replicas;', '`<`'],
  ['settings.exempt.values.map(f);', '`.map()`'],
  ["settings.exempt.values.includes('green');", '`.includes()`'],
  ['const n = settings.responses.length;', '`.length`'],
  ['for (const each of settings.responses) f(each);', '`for`'],
  ['Object.entries(settings.labels);', '`Object.entries`'],
  ['const { tls } = settings; if (tls.enabled) f();', '`if`'],
  ['const own = settings.tls; const x = own.issuer === 1;', '`===`'],
])('%s', (text, what) => {
  expect(findings(text)).toEqual([what]);
});

test.each([
  ['when(settings.responder.enabled, () => f());'],
  ["const x = is(settings.tls.issuer, 'certManager');"],
  ['each(settings.exempt.values, f);'],
  ['const x = { name: settings.name, text: `${settings.name}-x` };'],
  ['if (decided(settings)) f();'],
  ['const { scope } = props; if (scope.x) f();'],
  ['const x = present(list(settings)).map(f);'],
])('%s is fine', (text) => {
  expect(findings(text)).toEqual([]);
});
