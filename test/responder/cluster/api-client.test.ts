import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeApi, json, type Answer } from './fake-api';

let api: Awaited<ReturnType<typeof fakeApi>>;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-api-client-'));
});
afterEach(() => {
  api.stop();
  rmSync(folder, { recursive: true });
});

const CALL = { method: 'GET', path: '/api/v1/pods/a', doing: 'get Pod a' } as const;
const fine = json(200, { kind: 'Pod' });
const denied = json(401, { message: 'Unauthorized' });

function tokenFile(token: string) {
  const file = join(folder, 'token');
  writeFileSync(file, `${token}\n`);
  return { file, user: { authProvider: { name: 'tokenFile', config: { tokenFile: file } } } };
}

test('a refused token that its file has renewed is replaced within the call', async () => {
  const { file, user } = tokenFile('first');
  api = await fakeApi(user);
  api.answer(fine, denied, fine);
  await api.client.json(CALL);
  writeFileSync(`${file}.new`, 'second');
  renameSync(`${file}.new`, file);
  expect(await api.client.json(CALL)).toEqual({ kind: 'Pod' });
  expect(api.asked.map(({ authorization }) => authorization)).toEqual([
    'Bearer first',
    'Bearer first',
    'Bearer second',
  ]);
  expect(api.ended.map(({ status }) => status)).toEqual([200, 200]);
});

test('a refused token that is still the same is not shown again', async () => {
  api = await fakeApi(tokenFile('only').user);
  api.answer(denied, fine);
  await expect(api.client.json(CALL)).rejects.toMatchObject({
    code: 'API_FORBIDDEN',
    status: 401,
    passing: true,
  });
  expect(api.asked).toHaveLength(1);
});

test('a token that cannot be read for a moment stays as it was', async () => {
  const { file, user } = tokenFile('first');
  api = await fakeApi(user);
  api.answer(fine, fine);
  await api.client.json(CALL);
  rmSync(file);
  await api.client.json(CALL);
  expect(api.asked.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer first']);
});

test('a body in whatever language comes whole', async () => {
  api = await fakeApi();
  api.answer((response) => {
    let text = '';
    response.req
      .setEncoding('utf8')
      .on('data', (data: string) => (text += data))
      .once('end', () => response.end(text));
  });
  const body = { reason: 'Verbindung zu „vistatech.it“ – 接続 🛑' };
  expect(await api.client.json({ ...CALL, method: 'PATCH', body })).toEqual(body);
});

test('a kept connection that was closed meanwhile is no failure', async () => {
  api = await fakeApi();
  const closed: Answer = (response) => response.destroy();
  api.answer(fine, closed, fine);
  await api.client.json(CALL);
  expect(await api.client.json(CALL)).toEqual({ kind: 'Pod' });
  expect(api.asked).toHaveLength(3);
});

test('it says whether an answer is the second to the same request, of which the first was lost', async () => {
  api = await fakeApi();
  const closed: Answer = (response) => response.destroy();
  api.answer(fine, closed, fine);
  expect(await api.client.ask(CALL)).toMatchObject({ resent: false });
  expect(await api.client.ask(CALL)).toMatchObject({ status: 200, resent: true });
});

test.each<[string, Answer | undefined, object]>([
  ['404', json(404, { message: 'no Pod a' }), { code: 'API_NOT_FOUND', status: 404, passing: false }],
  ['403', json(403, { message: 'not yours' }), { code: 'API_FORBIDDEN', status: 403, passing: false }],
  ['409', json(409, { message: 'conflict' }), { code: 'API_REFUSED', status: 409, passing: false }],
  ['429', json(429, { message: 'too many' }), { code: 'API_REFUSED', status: 429, passing: true }],
  ['503', json(503, { message: 'away' }), { code: 'API_REFUSED', status: 503, passing: true }],
  ['no answer in time', undefined, { code: 'API_UNREACHABLE', status: undefined, passing: true }],
  [
    'half an answer',
    (response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{', () => response.destroy());
    },
    { code: 'API_UNREACHABLE', passing: true },
  ],
  [
    'no JSON',
    (response) => response.writeHead(200).end('<html>'),
    { code: 'API_UNREACHABLE', passing: true },
  ],
])('%s is an error that says what was asked for', async (_, answer, error) => {
  api = await fakeApi({}, answer === undefined ? 200 : 20_000);
  if (answer !== undefined) api.answer(answer);
  const call = api.client.json(CALL);
  await expect(call).rejects.toMatchObject({ name: 'ClusterError', ...error });
  await expect(call).rejects.toThrow('get Pod a');
});
