/**
 * How long a part of the program may be as base64, in bytes. `kubectl apply` keeps the whole object in an annotation of
 * at most 256 KiB, so a ConfigMap holds one part and little else. tools/bundle.mjs cuts the program by it.
 */
export const MAX_PART_BASE64 = 200 * 1024;
