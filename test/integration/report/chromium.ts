import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Names that distributions give it; Ubuntu's is a snap, which sees no files of /tmp. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The first browser that there is. */
export const CHROMIUM = NAMES.find((name) => spawnSync(name, ['--version']).status === 0);

type Json = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/**
 * A real Chromium without a window, driven by its own protocol over a pipe: what a test needs of it is a few calls, for which no
 * package is worth its size.
 */
export class Chromium {
  private readonly folder = mkdtempSync(join(tmpdir(), 'falco-egress-chromium-'));
  private readonly child: ChildProcess;
  private readonly input: Writable;
  private readonly waiting = new Map<
    number,
    { resolve: (result: Json) => void; reject: (error: Error) => void }
  >();
  private readonly listeners: ((message: Message) => void)[] = [];
  private next = 1;
  private rest = '';

  constructor(program: string) {
    this.child = spawn(
      program,
      [
        ...['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${this.folder}`, '--no-first-run'],
        // Nothing of it is to reach a network; root and containers have no user namespaces for its sandbox.
        ...['--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND', '--no-sandbox'],
        ...['--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', 'about:blank'],
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    this.input = this.child.stdio[3] as Writable;
    (this.child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const parts = `${this.rest}${text}`.split('\0');
      this.rest = parts.pop() ?? '';
      for (const part of parts) this.receive(JSON.parse(part) as Message);
    });
    this.child.once('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('Chromium has ended'));
    });
  }

  /** A page of its own. */
  async open(): Promise<BrowserPage> {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    const page = new BrowserPage((method, params) => this.call(method, params, String(sessionId)));
    this.listeners.push((message) => {
      if (message.sessionId === sessionId) page.hear(message.method ?? '', message.params ?? {});
    });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.call(`${domain}.enable`);
    return page;
  }

  async close(): Promise<void> {
    const closed = once(this.child, 'close');
    // Killed it would leave processes for a moment that still write into its folder.
    this.call('Browser.close').catch(() => undefined);
    await closed;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private call(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  private receive(message: Message): void {
    const { id, error, result = {} } = message;
    if (id === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const { resolve, reject } = this.waiting.get(id) ?? {};
    this.waiting.delete(id);
    if (error === undefined) resolve?.(result);
    else reject?.(new Error(error.message));
  }
}

/** A page, and what went wrong in it. */
export class BrowserPage {
  /** Errors of scripts, what its policy refused, and what the console was told. */
  readonly complaints: string[] = [];
  /** All that it asked for. */
  readonly requests: string[] = [];
  private loaded: (() => void) | undefined;

  constructor(readonly call: (method: string, params?: Json) => Promise<Json>) {}

  /** Told of an event. */
  hear(method: string, params: Json): void {
    if (method === 'Page.loadEventFired') this.loaded?.();
    if (method === 'Network.requestWillBeSent')
      this.requests.push((params['request'] as { readonly url: string }).url);
    if (['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'].includes(method))
      this.complaints.push(JSON.stringify(params));
  }

  /** Opens an address, until all of it is there. */
  async go(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => (this.loaded = resolve));
    await this.call('Page.navigate', { url });
    await loaded;
  }

  /** What an expression is in the page. */
  async ask<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.call('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value: T }).value;
  }

  /** Waits until an expression is true. */
  async until(expression: string): Promise<void> {
    await this.ask(
      `new Promise((done) => { const look = () => (${expression}) ? done() : requestAnimationFrame(look); look(); })`,
    );
  }

  /** Presses a key, as somebody does who has no mouse. */
  async press(key: string, text?: string): Promise<void> {
    const codes: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, Escape: 27, '/': 191 };
    const event = { key, code: key, windowsVirtualKeyCode: codes[key] ?? 0, text };
    await this.call('Input.dispatchKeyEvent', {
      ...event,
      type: text === undefined ? 'rawKeyDown' : 'keyDown',
    });
    await this.call('Input.dispatchKeyEvent', { ...event, type: 'keyUp' });
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    await this.call('Input.insertText', { text });
  }

  /** Whether the system says light or dark, and how wide the window is. */
  async show({ scheme = 'light', width = 1280, height = 900, media = '' } = {}): Promise<void> {
    await this.call('Emulation.setEmulatedMedia', {
      ...{ media, features: [{ name: 'prefers-color-scheme', value: scheme }] },
    });
    await this.call('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }

  /** Everything, as a PNG. */
  async picture(): Promise<Buffer> {
    const { data } = await this.call('Page.captureScreenshot', { captureBeyondViewport: true });
    return Buffer.from(String(data), 'base64');
  }
}
