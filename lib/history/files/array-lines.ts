/** How an array of JSON begins that Grafana writes of lines: all in one line of its own. */
const BEGINNING = Buffer.from('[{"line":');
/** What stands between two of its items, and in no text: there a quotation mark has a backslash before it. */
const BETWEEN = Buffer.from('},{"line":');
const [NEWLINE, SPACE, CLOSE] = [0x0a, 0x20, 0x5d] as const;

/**
 * The same bytes, and of an array of lines each item in a line of its own, without the brackets: it may be longer than a line is
 * allowed to be.
 */
export async function* itemsAsLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let isArray: boolean | undefined;
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (isArray === false) {
      yield chunk;
      continue;
    }
    let bytes = Buffer.concat([kept, chunk]);
    if (isArray === undefined) {
      if (bytes.length < BEGINNING.length && BEGINNING.subarray(0, bytes.length).equals(bytes)) {
        kept = bytes;
        continue;
      }
      isArray = bytes.subarray(0, BEGINNING.length).equals(BEGINNING);
      if (!isArray) {
        yield bytes;
        continue;
      }
      bytes = bytes.subarray(1);
    }
    for (let at = bytes.indexOf(BETWEEN); at >= 0; at = bytes.indexOf(BETWEEN, at)) bytes[at + 1] = NEWLINE;
    // What may be the beginning of what stands between two, and the bracket at the end, wait for what follows.
    const most = Math.max(0, bytes.length - BETWEEN.length);
    yield bytes.subarray(0, most);
    kept = Buffer.from(bytes.subarray(most));
  }
  let end = kept.length;
  while (isArray === true && (kept[end - 1] ?? CLOSE) <= SPACE) end--;
  if (isArray === true && kept[end - 1] === CLOSE) kept = kept.subarray(0, end - 1);
  if (kept.length > 0) yield kept;
  return undefined;
}
