import { processStreams } from './lib/synth/process-streams';
import { runSynth } from './lib/synth/run';

// The cdk8s CLI names the folder that it expects the manifests in, and empties it first: see cdk8s.yaml.
process.exitCode = runSynth(process.argv.slice(2), processStreams(), process.env['CDK8S_OUTDIR']);
