import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer over HTTP. */
export interface Reply {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What is asked, byte for byte. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const END_OF_CHUNKS = '\r\n0\r\n\r\n';

/** A client of one connection that is kept open, for many thousands of questions one after the other: Node's own takes longer than the server. */
export class PlainClient {
  private socket: Socket | undefined;

  constructor(private readonly port: number) {}

  /** Asks, and waits for the whole answer; rejects where the connection ends without one. */
  async ask({ method, path, headers, body }: Question): Promise<Reply> {
    const socket = (this.socket ??= await this.open());
    const lines = Object.entries({ Host: 'localhost', 'Content-Length': body.length, ...headers });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const answer = this.answerOf(socket);
    socket.write(Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n`), body]));
    const reply = await answer;
    if (reply.headers['connection'] === 'close') this.close();
    return reply;
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private async open(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    await once(socket, 'connect');
    return socket;
  }

  private answerOf(socket: Socket): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let text = '';
      const end = (): void => {
        socket.off('data', take).off('close', ended).off('error', ended);
      };
      const ended = (): void => {
        end();
        this.close();
        reject(new Error(`the connection ended after ${JSON.stringify(text)}`));
      };
      const take = (chunk: string): void => {
        text += chunk;
        const reply = parse(text);
        if (reply === undefined) return;
        end();
        resolve(reply);
      };
      socket.on('data', take).once('close', ended).once('error', ended);
    });
  }
}

/** The answer, if it is whole. */
function parse(text: string): Reply | undefined {
  const at = text.indexOf('\r\n\r\n');
  if (at < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, at).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const status = Number(first.split(' ')[1]);
  const body = text.slice(at + 4);
  const length = headers['content-length'];
  if (length !== undefined) return body.length < Number(length) ? undefined : { status, headers, text: body };
  if (!body.endsWith(END_OF_CHUNKS.slice(2)) || !`\r\n${body}`.endsWith(END_OF_CHUNKS)) return undefined;
  return { status, headers, text: unchunked(body) };
}

function unchunked(body: string): string {
  let text = '';
  for (let at = 0; ;) {
    const line = body.indexOf('\r\n', at);
    const size = parseInt(body.slice(at, line), 16);
    if (!(size > 0)) return text;
    text += body.slice(line + 2, line + 2 + size);
    at = line + size + 4;
  }
}
