import { readAlertLine } from '../../../lib/history/alert-line';
import { patternsOfRows } from '../../../lib/history/inventory/at-the-time';
import { Tally } from '../../../lib/history/tally';
import { alertLine } from '../alert';

/** What records are asked for to tell of an alert. */
function patternsFor(fields: object): readonly string[] {
  const tally = new Tally();
  const content = readAlertLine(alertLine(fields));
  if (content.kind !== 'connection') throw new Error(content.kind);
  tally.add(content.connection);
  return patternsOfRows(tally.rows());
}

const NO_POD = { 'k8s.ns.name': null, 'k8s.pod.name': null };

test.each<[string, object, readonly string[]]>([
  ['its container and its address', NO_POD, ['3db00b476ee2', '"10\\.244\\.1\\.7"']],
  ['its address alone', { ...NO_POD, 'container.id': null }, ['"10\\.244\\.1\\.7"']],
  ['nothing of the node itself', { ...NO_POD, 'container.id': 'host' }, []],
  ['a Pod that is only named', {}, ['"name":"cart-0"']],
])('records are asked for by %s', (_, fields, patterns) => {
  expect(patternsFor(fields)).toEqual(patterns);
});
