import { alertFromSidekick } from '../../../lib/responder/alert/sidekick';
import { compileResponses, MatchError } from '../../../lib/responder/responses/compile-responses';
import { webhooks } from '../alert/webhooks';

const responses = [
  { name: 'none', match: 'rule = "Nobody has this"' },
  { name: 'vistatech', match: 'rule = "Connection to vistatech.it" and not k8s.ns.name in (kube-system)' },
  { name: 'urgent', match: 'priority >= Critical' },
  { name: 'network', match: 'tags intersects (network) and fd.sport = 443' },
];
const alerts = webhooks
  .filter(({ run }) => run === 'full')
  .map((pair) => ({ name: pair.case, alert: alertFromSidekick(pair.request.body) }));
const alertOf = (name: string) => {
  const found = alerts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found.alert;
};

test('all that fit, in their order, or the first', () => {
  const all = compileResponses(responses, 'all');
  const first = compileResponses(responses, 'first');
  const names = (fitting: readonly { name: string }[]) => fitting.map(({ name }) => name);
  expect(names(all(alertOf('vistatech')))).toEqual(['vistatech', 'urgent', 'network']);
  expect(names(first(alertOf('vistatech')))).toEqual(['vistatech']);
  expect(names(all(alertOf('outbound-k8s')))).toEqual(['network']);
  expect(names(all(alertOf('terminal-shell')))).toEqual([]);
});

test('by each way of writing a priority an alert is as urgent', () => {
  const matcher = compileResponses([{ match: 'priority <= info' }, { match: 'priority = EMERGENCY' }], 'all');
  const fitting = (name: string) => matcher(alertOf(name)).map(({ match }) => match);
  expect(fitting('priority-info')).toEqual(['priority <= info']);
  expect(fitting('priority-upper')).toEqual(['priority = EMERGENCY']);
  expect(fitting('priority-lower')).toEqual([]);
});

test('no response, no answer', () => {
  expect(compileResponses([], 'all')(alertOf('vistatech'))).toEqual([]);
});

test('a wrong condition names the response', () => {
  expect(() => compileResponses([...responses, { match: 'rule =' }], 'all')).toThrow(MatchError);
  expect(() => compileResponses([...responses, { match: 'fd.dip = 1.2.3.4' }], 'all')).toThrow(
    'responses[4].match: column 1: there is no field fd.dip; did you mean fd.ip (either address)?',
  );
});
