import packageJson from '../package.json';

/** Version of this package: of its manifests, its chart and its program. */
export const VERSION: string = packageJson.version;

/** Where the project lives. */
export const HOMEPAGE: string = packageJson.homepage;
