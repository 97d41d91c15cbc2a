import { Testing } from 'cdk8s';
import { security } from './security.js';

/** The program for the cluster is not this project's. */
const own = ({ metadata }) => metadata.labels['app.kubernetes.io/component'] !== 'program';

test('the objects of the stack are those that were reviewed', () => {
  expect(Testing.synth(security()).filter(own)).toMatchSnapshot();
});
