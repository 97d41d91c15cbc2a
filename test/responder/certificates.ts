import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that issues certificates for 127.0.0.1, so that tests need no `openssl`. */
export interface Authority extends Certificate {
  issue(commonName: string): Certificate;
}

/** A new authority. */
export function certificateAuthority(commonName: string): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const issuer = { commonName, key: privateKey };
  return {
    certificate: certificate(commonName, publicKey, issuer, IS_AUTHORITY),
    key: pemOf(privateKey),
    issue: (name) => {
      const own = generateKeyPairSync('ed25519');
      return {
        certificate: certificate(name, own.publicKey, issuer, FOR_LOOPBACK),
        key: pemOf(own.privateKey),
      };
    },
  };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** X.509 version 3, signed with Ed25519 (RFC 5280, RFC 8410), in ASN.1's distinguished encoding. */
function certificate(
  subject: string,
  publicKey: KeyObject,
  issuer: { readonly commonName: string; readonly key: KeyObject },
  extension: Buffer,
): string {
  const signed = sequence(
    der(0xa0, integer(2)),
    integer(Math.floor(Math.random() * 0x7fffffff) + 1),
    ED25519,
    nameOf(issuer.commonName),
    sequence(time(-1), time(1)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign(null, signed, issuer.key)]));
  const base64 = sequence(signed, ED25519, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(content)), content]);
}

/** In as few bytes as possible: not every reader takes more. */
function lengthOf({ length }: Buffer): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  let start = 0;
  while (start < 3 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80) start += 1;
  return der(0x02, bytes.subarray(start));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

/** A time some days from now, as UTCTime. */
function time(days: number): Buffer {
  const iso = new Date(Date.now() + days * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${iso.slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

const objectId = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.of(...bytes));

/** 1.3.101.112 */
const ED25519 = sequence(objectId(0x2b, 0x65, 0x70));
/** 2.5.4.3 */
const COMMON_NAME = objectId(0x55, 0x04, 0x03);
const TRUE = der(0x01, Buffer.of(0xff));
/** basicConstraints, critical: it may sign others. */
const IS_AUTHORITY = sequence(objectId(0x55, 0x1d, 0x13), TRUE, der(0x04, sequence(TRUE)));
/** subjectAltName: the address 127.0.0.1. */
const FOR_LOOPBACK = sequence(
  objectId(0x55, 0x1d, 0x11),
  der(0x04, sequence(der(0x87, Buffer.of(127, 0, 0, 1)))),
);
