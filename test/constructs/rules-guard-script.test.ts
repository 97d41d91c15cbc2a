import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'js-yaml';
import { RULES_GUARD_SCRIPT } from '../../lib/constructs/rules-guard-script';

/**
 * A stand-in for Falco, which cannot be had here: it takes rules files that do not say BAD, hangs on those that say HANG,
 * and takes any configuration that does not say BROKEN. What it looks at is what Falco does: the file after -c, the
 * directory in config_files, and the files that rules_files of both name.
 */
const STAND_IN = `#!/bin/sh
[ "$1" = -c ] && [ "$3" = --dry-run ] || { echo "called with $*"; exit 2; }
echo "$*" >>"$CALLS"
grep -q BROKEN "$2" && { echo 'Error: the configuration is broken'; exit 1; }
included=$(sed -n '/^config_files:/{n;s/^ *- "\\(.*\\)"$/\\1/p;}' "$2")
for place in $(cat "$2" "$included"/*.yaml | sed -n 's/^  - "\\(\\/.*\\)"$/\\1/p'); do
  for file in "$place" "$place"/*; do
    [ -f "$file" ] && grep -q HANG "$file" && { echo 'reading'; exec sleep 30; }
    if [ -f "$file" ] && [ "$place" != "$included" ] && grep -q BAD "$file"; then
      echo "$file: Invalid"
      echo 'LOAD_ERR_COMPILE_CONDITION unknown field'
      exit 1
    fi
  done
done
exit 0
`;

/** What the guard and the stand-in call. */
const TOOLS = ['cat', 'cksum', 'cmp', 'cp', 'grep', 'mkdir', 'mv', 'rm', 'sed', 'sleep', 'tail'];

class Node {
  readonly root = mkdtempSync(join(tmpdir(), 'rules-guard-'));
  readonly rules = join(this.root, 'rules.d');
  readonly state = join(this.root, 'state');
  readonly message = join(this.root, 'termination-log');
  readonly env = {
    PATH: process.env['PATH'],
    FALCO: join(this.root, 'falco'),
    FALCO_CONFIG: join(this.root, 'falco.yaml'),
    RULES: this.rules,
    STOCK_RULES: '/etc/falco/falco_rules.yaml',
    STATE: this.state,
    TERMINATION_MESSAGE: this.message,
    INTERVAL: '0.05',
    LIMIT: '1',
    CALLS: join(this.root, 'calls'),
  };
  private readonly script = join(this.root, 'rules-guard.sh');

  constructor({ stock = true } = {}) {
    mkdirSync(this.rules);
    writeFileSync(this.script, RULES_GUARD_SCRIPT);
    writeFileSync(this.env.FALCO, STAND_IN, { mode: 0o755 });
    this.configure(stock ? 'rules_files:\n  - "/etc/falco/falco_rules.yaml"\n' : 'rules_files: []\n');
  }

  configure(more: string): void {
    writeFileSync(this.env.FALCO_CONFIG, `config_files:\n  - "${this.state}/config.d"\n${more}`);
  }

  rule(file: string, text: string): void {
    writeFileSync(join(this.rules, file), text);
  }

  /** Runs the script as the init container does. */
  once(): { status: number | null; stderr: string } {
    return this.run('once');
  }

  /** Runs the script as `helm test` does. */
  check(): { status: number | null; stderr: string } {
    return this.run('check');
  }

  private run(subcommand: string): { status: number | null; stderr: string } {
    return spawnSync('/bin/sh', [this.script, subcommand], { env: this.env, encoding: 'utf8' });
  }

  /** Runs the script as the sidecar does, until `then` is done. */
  async watch(then: () => Promise<void>): Promise<string> {
    const child = spawn('/bin/sh', [this.script, 'watch'], { env: this.env });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise((done) => child.once('close', done));
    try {
      await then();
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
    return stderr;
  }

  /** What the guard adds to Falco's configuration. */
  addition(): Record<string, unknown> {
    return load(readFileSync(join(this.state, 'config.d/rules.yaml'), 'utf8')) as Record<string, unknown>;
  }

  refused(): boolean {
    return existsSync(join(this.state, 'refused'));
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 200) throw new Error('it did not happen within ten seconds');
    await sleep(50);
  }
}

const nodes: Node[] = [];

function node(options?: { stock?: boolean }): Node {
  const made = new Node(options);
  nodes.push(made);
  return made;
}

afterEach(() => {
  for (const { root } of nodes.splice(0)) rmSync(root, { recursive: true, force: true });
});

const STOCK_ONLY = {
  append_output: [
    {
      extra_output: '(falco_egress_rules=stock only: the rules in place are refused)',
      extra_fields: [{ falco_egress_rules: 'stock only: the rules in place are refused' }],
    },
  ],
};

describe('before Falco starts', () => {
  it('names the rules directory where Falco takes the rules', () => {
    const here = node();
    here.rule('10-egress.yaml', '- list: good\n');
    expect(here.once().status).toBe(0);
    expect(here.addition()).toEqual({ rules_files: [here.rules] });
    expect(here.refused()).toBe(false);
  });

  it('takes an empty directory: rules ConfigMaps are optional', () => {
    const here = node();
    expect(here.once().status).toBe(0);
    expect(here.addition()).toEqual({ rules_files: [here.rules] });
  });

  it('falls back to the stock rules where Falco refuses them, and says so loudly', () => {
    const here = node();
    here.rule('10-egress.yaml', '- list: good\n');
    here.rule('50-rules.yaml', 'BAD');
    const { status, stderr } = here.once();
    expect(status).toBe(0);
    expect(here.addition()).toEqual(STOCK_ONLY);
    expect(here.refused()).toBe(true);
    expect(stderr).toContain(`REFUSED: Falco does not take the rules in ${here.rules}`);
    expect(stderr).toContain('its stock rules only');
    expect(stderr).toContain('LOAD_ERR_COMPILE_CONDITION');
    expect(stderr).toContain('50-rules.yaml: Invalid');
    expect(readFileSync(here.message, 'utf8')).toMatch(/^REFUSED: [^]*LOAD_ERR_COMPILE_CONDITION/);
  });

  it('loads the stock rules where the settings leave them out: Falco does not start without any', () => {
    const here = node({ stock: false });
    here.rule('10-egress.yaml', 'BAD');
    here.once();
    expect(here.addition()).toEqual({ rules_files: ['/etc/falco/falco_rules.yaml'], ...STOCK_ONLY });
  });

  it('does not blame the rules for a configuration that Falco refuses without them', () => {
    const here = node();
    here.configure('# BROKEN\n');
    here.rule('10-egress.yaml', '- list: good\n');
    const { status, stderr } = here.once();
    expect(status).toBe(0);
    expect(here.addition()).toEqual({ rules_files: [here.rules] });
    expect(here.refused()).toBe(false);
    expect(stderr).toContain('UNDECIDED');
    expect(stderr).toContain('the configuration is broken');
  });

  it('does not wait for ever, and keeps rules on which Falco says nothing', () => {
    const here = node();
    here.rule('10-egress.yaml', 'HANG');
    const before = Date.now();
    const { status, stderr } = here.once();
    expect(Date.now() - before).toBeLessThan(10_000);
    expect(status).toBe(0);
    expect(here.addition()).toEqual({ rules_files: [here.rules] });
    expect(here.refused()).toBe(false);
    expect(existsSync(join(here.state, 'kept'))).toBe(false);
    expect(stderr).toContain(`UNDECIDED: Falco gave no verdict on the rules in ${here.rules} within 1 s`);
    expect(stderr).toContain('reading');
  });

  it('judges by an image that has no command timeout too', () => {
    const here = node();
    const bin = join(here.root, 'bin');
    mkdirSync(bin);
    for (const tool of TOOLS)
      symlinkSync(
        spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim(),
        join(bin, tool),
      );
    here.env.PATH = bin;
    here.rule('10-egress.yaml', '- list: good\n');
    expect(here.once().stderr).toContain('Falco takes the rules');
    here.rule('10-egress.yaml', 'BAD');
    expect(here.once().stderr).toContain('REFUSED');
  });

  it('lets Falco start where it cannot judge at all', () => {
    const here = node();
    rmSync(here.env.FALCO);
    expect(here.once().status).toBe(0);
    expect(here.addition()).toEqual({ rules_files: [here.rules] });
  });

  it('keeps the termination message within what Kubernetes keeps', () => {
    const here = node();
    writeFileSync(
      here.env.FALCO,
      '#!/bin/sh\nseq 1 5000\ngrep -q candidate "${2%/*}"/config.d/rules.yaml && exit 1 || exit 0\n',
    );
    here.once();
    const message = readFileSync(here.message, 'utf8');
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
    expect(message).toMatch(/^REFUSED[^]*5000\n$/);
  });
});

describe('when only asked', () => {
  it('is content with rules that Falco takes', () => {
    const here = node();
    here.rule('10-egress.yaml', '- list: good\n');
    expect(here.check().status).toBe(0);
  });

  it('fails with what Falco says where it refuses them', () => {
    const here = node();
    here.rule('50-rules.yaml', 'BAD');
    const { status, stderr } = here.check();
    expect(status).toBe(1);
    expect(stderr).toContain('LOAD_ERR_COMPILE_CONDITION');
  });

  it('fails where Falco gives no verdict', () => {
    const here = node();
    here.rule('50-rules.yaml', 'HANG');
    expect(here.check().status).toBe(1);
    here.rule('50-rules.yaml', '- list: good\n');
    here.configure('# BROKEN\n');
    expect(here.check().status).toBe(1);
  });
});

describe('while Falco runs', () => {
  it('takes up mended rules without a new Pod', async () => {
    const here = node();
    here.rule('50-rules.yaml', 'BAD');
    here.once();
    expect(here.refused()).toBe(true);
    await here.watch(async () => {
      here.rule('50-rules.yaml', '- list: mended\n');
      await until(() => !here.refused());
    });
    expect(here.addition()).toEqual({ rules_files: [here.rules] });
  });

  it('keeps the last rules that Falco took, so that a restart of its container finds good ones', async () => {
    const here = node();
    here.rule('50-rules.yaml', '- list: good\n');
    here.once();
    const stderr = await here.watch(async () => {
      here.rule('50-rules.yaml', 'BAD');
      await until(() => here.refused());
    });
    const marker = 'last good: the rules now in place are refused';
    expect(here.addition()).toEqual({
      rules_files: [join(here.state, 'kept')],
      append_output: [
        { extra_output: `(falco_egress_rules=${marker})`, extra_fields: [{ falco_egress_rules: marker }] },
      ],
    });
    expect(readFileSync(join(here.state, 'kept/50-rules.yaml'), 'utf8')).toBe('- list: good\n');
    expect(stderr).toContain('the last rules that it took');
  });

  it('does not write what is there already: each write makes Falco reload', async () => {
    const here = node();
    here.rule('50-rules.yaml', '- list: good\n');
    here.once();
    writeFileSync(join(here.state, 'config.d/rules.yaml'), `# untouched\n`, { flag: 'a' });
    const calls = readFileSync(here.env.CALLS, 'utf8');
    await here.watch(() => until(() => existsSync(join(here.state, 'alive'))));
    expect(readFileSync(here.env.CALLS, 'utf8')).toBe(calls);
    expect(readFileSync(join(here.state, 'config.d/rules.yaml'), 'utf8')).toContain('# untouched');
  });

  it('judges again when Falco’s configuration changes', async () => {
    const here = node();
    here.configure('# BROKEN\n');
    here.rule('50-rules.yaml', 'BAD');
    here.once();
    expect(here.refused()).toBe(false);
    await here.watch(async () => {
      here.configure('rules_files:\n  - "/etc/falco/falco_rules.yaml"\n');
      await until(() => here.refused());
    });
    expect(here.addition()).toEqual(STOCK_ONLY);
  });
});
