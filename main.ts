import { runSynth } from './lib/synth/run';

// The cdk8s CLI names the folder that it expects the manifests in, and empties it first: see cdk8s.yaml.
process.exitCode = runSynth(
  process.argv.slice(2),
  { out: (text) => void process.stdout.write(text), error: (text) => void process.stderr.write(text) },
  process.env['CDK8S_OUTDIR'],
);
