import { compilePathMatch } from '../../../lib/rules/evaluate/compare/pmatch';

describe('pmatch', () => {
  test.each([
    ['/usr/bin/ip', ['/usr/bin'], true],
    ['/usr/bin', ['/usr/bin'], true],
    ['/usr/binary', ['/usr/bin'], false],
    ['/usr', ['/usr/bin'], false],
    ['/usr/share/x', ['/usr/shar'], false],
    ['/usr/bin/ip', ['/usr/lib', '/usr'], true],
    ['//usr///bin', ['/usr/bin/'], true],
    ['usr/bin', ['/usr/bin'], true],
    ['/anything', ['/'], true],
    ['', ['/'], true],
    ['', ['/etc'], false],
    ['/etc/passwd', ['/etc/*'], true],
    ['/etc', ['/etc/*'], false],
    ['/home/joe/.ssh/id', ['/home/*/.ssh'], true],
    ['/home/joe/x/.ssh/id', ['/home/*/.ssh'], false],
    ['/a/b/c', ['/a/x', '/a/*/c'], true],
    ['/a/b/c', ['/*/b/x', '/a/?/c'], true],
    ['/x', [], false],
  ])('%s on %j: %s', (path, paths, expected) => {
    expect(compilePathMatch(paths)(path)).toBe(expected);
  });
});
