/** A workflow of GitHub Actions that fails where committed manifests are not what the sources make. */
export function workflow(tests: readonly string[]): string {
  const steps = ['npm ci', ...tests, 'npm run check'].map((command) => `      - run: ${command}\n`).join('');
  return `# Manifests are committed and applied from there; this finds those that are not what the sources make.
name: manifests
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
          cache: npm
${steps}`;
}
