import { found } from './found';

const CODE = 'list-in-quotes';
const LIST = '- list: my_list\n  items: [a, b]';

test.each([
  ['evt.type = connect and proc.name in ("my_list")', '"my_list"'],
  ["evt.type = connect and proc.name in (c, 'my_list')", "'my_list'"],
  ['evt.type = connect and proc.name = "my_list"', '"my_list"'],
])('%s', (condition, marked) => {
  expect(found(CODE, condition, LIST)).toEqual([marked]);
});

test.each([
  'evt.type = connect and proc.name in (my_list)',
  'evt.type = connect and proc.name in ("a", "c")',
])('not %s', (condition) => {
  expect(found(CODE, condition, LIST)).toEqual([]);
});
