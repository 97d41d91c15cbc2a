/** How a request is posted. */
export interface Posting {
  readonly port: number;
  readonly token: string;
  /** For how long an answer is waited for, in milliseconds. @default as long as it takes */
  readonly patience?: number;
}

/** Posts what falcosidekick would; the status. */
export function postAlert(posting: Posting, body: object): Promise<number> {
  return post(posting, '/alerts', body);
}

/** Posts what a collector would, each line a record; the status. */
export function postLogs(posting: Posting, lines: readonly object[]): Promise<number> {
  const logRecords = lines.map((line) => ({ body: { stringValue: JSON.stringify(line) } }));
  return post(posting, '/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

async function post({ port, token, patience }: Posting, path: string, body: object): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    ...(patience !== undefined && { signal: AbortSignal.timeout(patience) }),
  });
  await answer.arrayBuffer();
  return answer.status;
}
