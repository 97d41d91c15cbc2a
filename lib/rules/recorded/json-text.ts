/** Where the text of a JSON that begins at a quote ends, as the place of its last quote; -1 where it doesn't end. */
export function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let first = end;
    while (json[first - 1] === '\\') first--;
    // An even number of backslashes stands for half as many of them.
    if ((end - first) % 2 === 0) return end;
  }
  return -1;
}
