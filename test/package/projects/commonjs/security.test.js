const { Testing } = require('cdk8s');
const { security } = require('./security');

/** The program for the cluster is not this project's. */
const own = ({ metadata }) => metadata.labels['app.kubernetes.io/component'] !== 'program';

test('the objects of the stack are those that were reviewed', () => {
  expect(Testing.synth(security()).filter(own)).toMatchSnapshot();
});
