#!/usr/bin/env node
/**
 * Everything that must hold, in one command: `npm test`.
 *
 *     node tools/test.mjs [STEP…]        all steps, or only the named ones
 *
 * Goes on after a failure, but leaves out a step whose needs failed. Steps that are `beside` run next to each other, as
 * many as there are cores, and print when they end. A jest project counts its tests, any other step counts as one.
 * A step with `within` is left out once all before it took longer than so many minutes: what it needs longest then skips.
 * The last line is `N passed, N failed`, with `, N skipped` when there are any.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const ROOT = dirname(import.meta.dirname);

/** The tests of those servers that take longest to build. */
const LOKI_TESTS = '/test/integration/loki/';

const STEPS = [
  { name: 'bundle', run: node('tools/bundle.mjs', '--quiet') },
  { name: 'eslint', run: tool('eslint', '.'), beside: true },
  { name: 'prettier', run: tool('prettier', '--check', '.'), beside: true },
  { name: 'typecheck', run: tool('tsc', '-p', 'tsconfig.json'), beside: true },
  { name: 'typecheck-page', run: tool('tsc', '-p', 'lib/report/browser'), beside: true },
  {
    name: 'dependencies',
    run: tool('depcruise', '--config', '.dependency-cruiser.cjs', 'lib', 'main.ts'),
    when: () => existsSync(join(ROOT, '.dependency-cruiser.cjs')),
    beside: true,
  },
  { name: 'knip', run: tool('knip'), beside: true },
  { name: 'manifests', run: node('dist/main.js', '--check'), needs: ['bundle'], beside: true },
  { name: 'chart', run: tool('tsx', 'tools/generate/chart.ts', '--check'), needs: ['bundle'], beside: true },
  { name: 'control-plane', run: node('tools/control-plane/build.mjs') },
  // Each takes minutes once: not within a test, whose time is limited.
  ...['actionlint', 'cyclonus', 'messages', 'otelcol', 'prometheus'].map((name) => ({
    name,
    run: node(`tools/${name}/build.mjs`),
  })),
  { name: 'unit', run: tool('jest', '--selectProjects', 'unit', '--maxWorkers=100%'), jest: true },
  {
    name: 'integration',
    // Each file starts a control plane of its own, and waits for it much of the time: three, however many cores.
    run: tool(
      'jest',
      '--selectProjects',
      'integration',
      '--maxWorkers=3',
      '--testPathIgnorePatterns',
      LOKI_TESTS,
    ),
    jest: true,
    needs: ['bundle', 'control-plane'],
  },
  // Takes longer than any other, and the tests that need it say so where they skip.
  { name: 'loki', run: node('tools/loki/build.mjs'), within: 25 },
  {
    name: 'with-loki',
    run: tool('jest', '--selectProjects', 'integration', '--runInBand', '--testPathPatterns', LOKI_TESTS),
    jest: true,
    needs: ['bundle', 'control-plane'],
  },
];

function node(script, ...args) {
  return [join(ROOT, script), ...args];
}

/** A command that `npm ci` installed. */
function tool(command, ...args) {
  return [join(ROOT, 'node_modules', '.bin', command), ...args];
}

/** Runs a command; `keep` takes its output in the place of the terminal. */
function execute(args, keep) {
  return new Promise((resolve) => {
    const stdio = keep === undefined ? 'inherit' : 'pipe';
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', stdio, stdio] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', keep);
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** Runs one step and returns what it counts as. */
async function runStep(step, folder, keep) {
  if (!step.jest) return (await execute(step.run, keep)) ? counts({ passed: 1 }) : counts({ failed: 1 });
  const report = join(folder, `${step.name}.json`);
  const ok = await execute([...step.run, '--json', `--outputFile=${report}`]);
  const result = existsSync(report) ? jestCounts(JSON.parse(readFileSync(report, 'utf8'))) : counts({});
  // Jest may fail without a failed test: no tests, a bad configuration, an obsolete snapshot under --ci.
  return !ok && result.failed === 0 ? { ...result, failed: 1 } : result;
}

function jestCounts(report) {
  return counts({
    passed: report.numPassedTests,
    // A file that can't be loaded has no tests to count, but is a failure.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

function counts({ passed = 0, failed = 0, skipped = 0 }) {
  return { passed, failed, skipped };
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Steps that run next to each other, as one; any other alone. */
function groupsOf(steps) {
  const groups = [];
  for (const step of steps) {
    const before = groups.at(-1);
    if (step.beside && before?.[0].beside) before.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function main(names) {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(
      `no step named ${unknown.join(', ')}; there are ${STEPS.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'falco-egress-test-'));
  const began = Date.now();
  const results = new Map();
  const report = [];
  const perform = async (step) => {
    const heading = `\n=== ${step.name} ===`;
    const output = [];
    if (!step.beside) console.log(heading);
    const broken = (step.needs ?? []).filter((need) => results.get(need)?.failed > 0);
    const start = Date.now();
    const keep = step.beside ? (chunk) => output.push(chunk) : undefined;
    const late = start - began > (step.within ?? Infinity) * 60_000;
    const result = broken.length > 0 || late ? counts({ skipped: 1 }) : await runStep(step, folder, keep);
    if (step.beside) console.log(`${heading}\n${Buffer.concat(output).toString().trimEnd()}`);
    if (broken.length > 0) console.log(`left out: ${broken.join(' and ')} failed`);
    else if (late)
      console.log(
        `left out: more than ${step.within} minutes have gone; node ${relative(ROOT, step.run[0])} does it`,
      );
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    results.set(step.name, result);
    report.push(`${step.name.padEnd(14)} ${seconds.padStart(7)} s  ${describe(result)}`);
  };
  const steps = STEPS.filter(
    (step) => (names.length === 0 || names.includes(step.name)) && step.when?.() !== false,
  );
  try {
    for (const group of groupsOf(steps)) {
      const lanes = Array.from({ length: availableParallelism() }, async () => {
        for (let step = group.shift(); step !== undefined; step = group.shift()) await perform(step);
      });
      await Promise.all(lanes);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const total = [...results.values()].reduce(
    (sum, each) => ({
      passed: sum.passed + each.passed,
      failed: sum.failed + each.failed,
      skipped: sum.skipped + each.skipped,
    }),
    counts({}),
  );
  console.log(`\n=== all ===\n${report.join('\n')}\n\n${describe(total)}`);
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
