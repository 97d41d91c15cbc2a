import { ACTIONS, NODE_OF_WORKFLOW } from './versions';

/** A workflow of GitHub Actions that runs the tests, and fails where committed manifests are not what the sources make. */
export const WORKFLOW = `# Manifests are committed and applied from there; this finds those that are not what the sources make.
name: manifests
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: ${ACTIONS.checkout}
        with:
          persist-credentials: false
      - uses: ${ACTIONS.setupNode}
        with:
          node-version: ${NODE_OF_WORKFLOW}
          cache: npm
      - run: npm ci
      - run: npm test
      - run: npm run check
`;
