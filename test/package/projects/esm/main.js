import { App } from 'cdk8s';
import { security } from './security.js';

const app = new App({ outdir: 'out' });
security(app);
app.synth();
