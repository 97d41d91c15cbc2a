import { found } from './found';

const CODE = 'list-too-deep';
const CONDITION = 'evt.type = connect and proc.name in (c)';

function lists(...names: readonly (readonly [name: string, items: string])[]): string {
  return names.map(([name, items]) => `- list: ${name}\n  items: [${items}]`).join('\n');
}

test('the name of a list in a list of a list', () => {
  expect(found(CODE, CONDITION, lists(['a', 'x'], ['b', 'a'], ['c', 'b']))).toEqual(['c']);
});

test.each([
  ['a list in a list', lists(['b', 'x'], ['c', 'b'])],
  ['later lists, which Falco finds', lists(['c', 'b'], ['b', 'a'], ['a', 'x'])],
  ['a list that holds its own name', lists(['a', 'a, x'], ['b', 'a'], ['c', 'b'])],
])('not %s', (_, before) => {
  expect(found(CODE, CONDITION, before)).toEqual([]);
});
