import { lokisOf } from '../../lib/cli/history/lokis';
import { Project } from '../cli/project';
import { blocksOf } from './blocks';

const project = new Project();
const blocks = blocksOf('docs/who.md');
afterAll(() => {
  project.remove();
});

test('the commands of docs/who.md print what stands there', () => {
  for (const { meta, text } of blocks) {
    const [, file] = /^file=(\S+)$/.exec(meta) ?? [];
    if (file !== undefined) project.write(file, text);
  }
  const outputs = blocks.filter(({ language }) => language === 'text').map(({ text }) => text);
  const commands = blocks
    .filter(({ language, meta }) => language === 'sh' && meta === '')
    .map(({ text }) => text.trim());
  expect(commands).toHaveLength(outputs.length);
  for (const [index, command] of commands.entries()) {
    const [name, ...args] = command.split(' ');
    expect(name).toBe('falco-egress');
    const { code, out } = project.run(...args);
    expect(code).toBe(0);
    expect(out.replaceAll('\r', '').trimEnd()).toBe(outputs[index]?.trimEnd());
  }
  expect(project.execute('sh', ['-c', 'cd case-7 && sha256sum -c SHA256SUMS']).out).toMatch(
    /^(answer\.\w+: OK\n){3}$/,
  );
});

test('the Lokis of docs/who.md are read as they stand there', () => {
  project.write('grafana-cloud-key', 'secret\n');
  const folder = process.cwd();
  process.chdir(project.folder);
  try {
    const [cloud, staging] = lokisOf([], 'lokis.yaml', undefined, {});
    const basic = Buffer.from('123456:secret').toString('base64');
    expect(cloud).toMatchObject({ cluster: 'prod-eu-1', headers: { Authorization: `Basic ${basic}` } });
    expect(staging).toMatchObject({ cluster: 'staging', headers: { 'X-Scope-OrgID': 'staging' } });
  } finally {
    process.chdir(folder);
  }
});
