import { loadAll } from 'js-yaml';
import { Project } from '../cli/project';
import { blocksOf } from './blocks';

const GUIDE = 'docs/guides/from-seeing-to-enforcing.md';

const project = new Project();
afterAll(() => {
  project.remove();
});

test('the commands of the guide print what stands there, and the policy lets through what was seen', () => {
  const blocks = blocksOf(GUIDE);
  for (const { meta, text } of blocks) {
    const [, file] = /^file=(\S+)$/.exec(meta) ?? [];
    if (file !== undefined) project.write(file, text);
  }
  const outputs = blocks.filter(({ language }) => language === 'text').map(({ text }) => text.trimEnd());
  const commands = blocks.filter(({ language, meta }) => language === 'sh' && meta !== 'norun');
  expect(commands).toHaveLength(outputs.length);
  for (const [index, { text, meta }] of commands.entries()) {
    const [name, ...args] = text.trim().split(' ');
    expect(name).toBe('falco-egress');
    const { code, out } = project.run(...args);
    expect(code).toBe(meta === 'exit=1' ? 1 : 0);
    expect(out.startsWith(outputs[index] ?? 'nothing')).toBe(true);
    if (index === 0) project.write('advised.yaml', out);
  }
  const [policy, ...more] = loadAll(project.files('.')['advised.yaml'] ?? '').filter(Boolean);
  expect([policy, more]).toMatchObject([{ kind: 'NetworkPolicy', metadata: { name: 'cart-egress' } }, []]);
  const state = ['--cluster-state', 'state.yaml'];
  expect(project.run('advise', '--check', 'advised.yaml', 'alerts.jsonl', ...state)).toMatchObject({
    code: 0,
    out: 'nothing of what was seen would have been refused (3 destinations tried, 3 of them restricted)\n',
  });
});
