export { nearest } from '../schema/nearest';
