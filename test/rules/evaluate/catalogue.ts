import { falcoFields } from '../../../lib/rules/fields/catalogue';

/** The fields of the Falco that made the recordings. */
export const catalogue = falcoFields('0.44.1');
