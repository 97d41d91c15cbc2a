#!/usr/bin/env node
/**
 * Builds the control plane that the integration tests run against: etcd, kube-apiserver,
 * kube-controller-manager, kube-scheduler and kubectl, and helm, from the Go modules pinned beside this file.
 *
 *     node tools/control-plane/build.mjs
 *
 * stdout: one JSON object, program name to path. stderr: progress. What is already in the cache is not built
 * again, and needs no Go. The first run takes about ten minutes on two cores.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { checkGo, goEnvironment } from './go.mjs';
import { cacheFolder } from './cache.mjs';

const LINK = ['-s', '-w'];

/** One pinned Go module each; a change of one does not rebuild the other. */
const MODULES = [
  { folder: 'etcd', programs: { etcd: 'go.etcd.io/etcd/server/v3' }, link: () => LINK },
  {
    folder: 'k8s',
    programs: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    },
    link: (goMod) => [...LINK, ...kubernetesVersionStamp(goMod)],
  },
  helm(3),
  helm(4),
];

/** Helm itself, and its engine for many values in one process. */
function helm(major) {
  return {
    folder: `helm${major}`,
    programs: { [`helm${major}`]: `helm.sh/helm/v${major}/cmd/helm`, [`helm${major}-render`]: './render' },
    source: 'render/main.go',
    link: () => LINK,
  };
}

/** Without these a build from the module calls itself v0.0.0-master, and kubectl complains about skew. */
function kubernetesVersionStamp(goMod) {
  const match = /^\s*k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/m.exec(goMod);
  if (match === null) throw new Error('tools/control-plane/k8s/go.mod does not require k8s.io/kubernetes');
  const [, version, major, minor] = match;
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: version,
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
  };
  return Object.entries(values).map(([key, value]) => `-X=k8s.io/component-base/version.${key}=${value}`);
}

/** The module's build, decided before anything runs: where its programs go, and by which commands. */
function plan(module) {
  const source = join(import.meta.dirname, module.folder);
  const goMod = readFileSync(join(source, 'go.mod'), 'utf8');
  const goSum = readFileSync(join(source, 'go.sum'), 'utf8');
  const own = module.source === undefined ? [] : [readFileSync(join(source, module.source), 'utf8')];
  const flags = ['-trimpath', '-buildvcs=false', `-ldflags=${module.link(goMod).join(' ')}`];
  const key = createHash('sha256')
    .update(JSON.stringify([goMod, goSum, ...own, flags, process.platform, process.arch]))
    .digest('hex');
  const home = join(cacheFolder(), `${module.folder}-${key.slice(0, 20)}`);
  const programs = Object.entries(module.programs).map(([name, target]) => {
    return { name, target, path: join(home, 'bin', name) };
  });
  return { source, flags, home, programs };
}

async function build({ source, flags, home, programs }) {
  checkGo(source);
  await mkdir(cacheFolder(), { recursive: true });
  const unfinished = await mkdtemp(`${home}.unfinished-`);
  try {
    for (const { name, target } of programs) {
      const output = join(unfinished, 'bin', name);
      await withProgress(name, () => run('go', ['build', ...flags, '-o', output, target], source));
    }
    await rename(unfinished, home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another build of the same key may have been first; its programs are as good as ours.
    if (!programs.every(({ path }) => existsSync(path))) throw error;
  }
}

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    // stdout is ours alone: it carries the JSON.
    const child = spawn(command, args, {
      cwd,
      env: goEnvironment(),
      stdio: ['ignore', process.stderr, 'inherit'],
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new Error(`\`${command} ${args[0]}\` of ${args.at(-1)} failed (${signal ?? `exit ${code}`})`));
    });
  });
}

async function withProgress(name, task) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  console.error(`control plane: building ${name} …`);
  const beat = setInterval(
    () => console.error(`control plane: still building ${name} (${seconds()} s)`),
    60_000,
  );
  try {
    await task();
  } finally {
    clearInterval(beat);
  }
  console.error(`control plane: built ${name} in ${seconds()} s`);
}

try {
  const plans = MODULES.map(plan);
  for (const item of plans) {
    if (!item.programs.every(({ path }) => existsSync(path))) await build(item);
  }
  const paths = plans.flatMap(({ programs }) => programs.map(({ name, path }) => [name, path]));
  console.log(JSON.stringify(Object.fromEntries(paths), null, 2));
} catch (error) {
  console.error(`control plane: ${error.message}`);
  process.exitCode = 1;
}
