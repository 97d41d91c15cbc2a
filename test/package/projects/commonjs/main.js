const { App } = require('cdk8s');
const { security } = require('./security');

const app = new App({ outdir: 'out' });
security(app);
app.synth();
