import { checkSettings, checkTogether } from '../../lib/settings/check';
import { flat } from '../../lib/settings/finding';
import { fillDefaults } from '../../lib/settings/settings';
import { chartTemplates } from '../../lib/helm/templates';
import { together } from './leaves';
import { WRONG_TOGETHER } from './refusals';

/** What templates/checks.yaml can say, without the place before it, as expressions. */
function sayings(): RegExp[] {
  const checks = chartTemplates().get('checks.yaml') ?? '';
  const formats = [...checks.matchAll(/append \$found (?:\(printf )?("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '""']) => JSON.parse(text) as string,
  );
  const messages = new Set(formats.map((format) => format.slice(format.indexOf(': ') + 2)));
  return [...messages].map(
    (message) =>
      new RegExp(
        `^${message
          .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
          .replaceAll('%s', '.*')
          .replaceAll('%%', '%')}$`,
        's',
      ),
  );
}

test('each refusal of templates/checks.yaml has a case', () => {
  const found = WRONG_TOGETHER.flatMap((values) => flat(checkTogether(fillDefaults(together(values)))));
  const all = sayings();
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter((saying) => !found.some(({ message }) => saying.test(message)))).toEqual([]);
});

test('no finding repeats a secret', () => {
  for (const values of WRONG_TOGETHER)
    for (const { message } of checkSettings(fillDefaults(together(values))))
      expect(message).not.toContain('s3cret');
});
