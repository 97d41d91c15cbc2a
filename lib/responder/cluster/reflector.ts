import type { IncomingMessage } from 'node:http';
import { ClusterError } from '../../program/cluster-error';
import { messageOf } from '../../program/failure';
import type { Log } from '../../program/log';
import type { Clock } from '../clock';
import type { ApiClient } from './api-client';
import { Pauses } from './pauses';
import type { Projection } from './projections';
import { collectionPath, type Resource } from './resource';
import { isLater, ObjectStore, type Observed } from './store';
import { readWatch, type WatchEvent } from './watch-stream';

/** How a reflector keeps time; tests are more impatient. */
export interface WatchTimes {
  /** How long a watch may be silent, in milliseconds. Bookmarks come every minute. */
  readonly silence: number;
  /** How long the API server is asked to hold a watch, in seconds: at least this, at most twice. */
  readonly hold: number;
  /** How long a page of a list may take, in milliseconds. */
  readonly list: number;
  /** Pauses after a failure, in milliseconds. */
  readonly pause: { readonly least: number; readonly most: number };
}

/** What a reflector runs with. */
export interface ReflectorProps<T> {
  readonly client: ApiClient;
  readonly resource: Resource;
  /** Of which objects alone the API server is to tell. @default all */
  readonly labelSelector?: string | undefined;
  readonly project: Projection<T>;
  readonly store: ObjectStore<T>;
  readonly times: WatchTimes;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
}

const PAGE = 500;
/** A watch that lasted so many times the least pause went well. */
const WENT_WELL = 5;

/** The version from which it watched is no more, or nobody knows it: everything has to be listed again. */
class GoneError extends Error {}

/** Keeps a store like the API server: lists once, then watches, whatever happens to the connection. */
export class Reflector<T> {
  /** Resolves once the store has been filled; rejects if it is stopped before. */
  readonly filled: Promise<void>;
  /** Resolves once that has been tried: a kind that may not be read is never filled. */
  readonly tried: Promise<void>;
  private markTried: () => void = () => undefined;
  private markFilled: () => void = () => undefined;
  private markStopped: (reason: unknown) => void = () => undefined;
  /** The store is complete up to this; `undefined` where it has to be listed. */
  private version: string | undefined;
  private heardAt: number;
  /** Events so far. */
  private told = 0;
  private complaint = '';

  constructor(private readonly props: ReflectorProps<T>) {
    this.heardAt = props.clock.now();
    this.filled = new Promise((resolve, reject) => {
      this.markFilled = resolve;
      this.markStopped = reject;
    });
    this.tried = new Promise((resolve) => {
      this.markTried = resolve;
    });
    // Perhaps nobody waits for it.
    this.filled.catch(() => undefined);
  }

  /** How long ago the API server was last heard of, in milliseconds. */
  staleness(): number {
    return this.props.clock.now() - this.heardAt;
  }

  /** Runs until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, times, random } = this.props;
    const pauses = new Pauses(times.pause, clock, random);
    while (!signal.aborted) {
      const wentWell = await this.attempt(signal);
      this.markTried();
      await pauses.wait(wentWell, signal);
    }
    this.markStopped(signal.reason);
  }

  /** Watches until that ends in whatever way; whether it went well for a while, or told something. */
  private async attempt(signal: AbortSignal): Promise<boolean> {
    const { clock, times } = this.props;
    let opened = Infinity;
    const told = this.told;
    try {
      this.version ??= await this.list(signal);
      const response = await this.open(this.version, signal);
      opened = clock.now();
      await this.read(response);
    } catch (error) {
      if (isGone(error)) this.version = undefined;
      if (!signal.aborted) this.complain(error);
    }
    return this.told > told || clock.now() - opened >= times.pause.least * WENT_WELL;
  }

  private async list(signal: AbortSignal): Promise<string> {
    const { store } = this.props;
    const { items, version } = await this.pages(String(PAGE), signal).catch((error: unknown) => {
      // The pages took so long that the version of the first is no more: all at once then.
      if (isGone(error)) return this.pages('0', signal);
      throw error;
    });
    signal.throwIfAborted();
    store.replace(items, version);
    this.markFilled();
    this.markTried();
    return version;
  }

  private async pages(
    limit: string,
    signal: AbortSignal,
  ): Promise<{ items: Observed<T>[]; version: string }> {
    const { client, resource, labelSelector, project, times } = this.props;
    const items: Observed<T>[] = [];
    let next = '';
    for (;;) {
      const page = (await client.json({
        method: 'GET',
        path: collectionPath(resource),
        query: { limit, ...(labelSelector && { labelSelector }), ...(next !== '' && { continue: next }) },
        timeout: times.list,
        signal,
        doing: `list ${resource.name}`,
      })) as RawList;
      this.heard();
      // Cut down at once: a page of whole Pods is megabytes.
      for (const raw of page.items ?? []) {
        const observed = project(raw);
        if (observed !== undefined) items.push(observed);
      }
      next = page.metadata?.continue ?? '';
      if (next === '') return { items, version: page.metadata?.resourceVersion ?? '' };
    }
  }

  private open(resourceVersion: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { client, resource, labelSelector, times, random } = this.props;
    return client.open({
      method: 'GET',
      path: collectionPath(resource),
      query: {
        watch: '1',
        allowWatchBookmarks: 'true',
        resourceVersion,
        ...(labelSelector && { labelSelector }),
        timeoutSeconds: String(Math.ceil(times.hold * (1 + random()))),
      },
      timeout: times.silence,
      signal,
      doing: `watch ${resource.name}`,
    });
  }

  private read(response: IncomingMessage): Promise<void> {
    const { times, clock } = this.props;
    const heard = (): void => {
      this.heard();
    };
    const event = (each: WatchEvent): void => {
      this.take(each);
    };
    heard();
    this.complaint = '';
    return readWatch(response, { silence: times.silence, clock, heard, event });
  }

  private take({ type, object }: WatchEvent): void {
    if (type === 'ERROR') {
      const { message = 'no reason given' } = object as { readonly message?: string };
      throw new GoneError(message);
    }
    const version = versionOf(object);
    if (version === undefined) return;
    // Versions only grow: this is another storage, such as a backup that was restored.
    if (this.version !== undefined && isLater(this.version, version))
      throw new GoneError(`the watch went back from version ${this.version} to ${version}`);
    const { store, project } = this.props;
    const observed = type === 'BOOKMARK' ? undefined : project(object);
    if (observed !== undefined) store.apply({ ...observed, type: type === 'DELETED' ? 'gone' : 'set' });
    store.reached(version);
    this.version = version;
    this.told++;
  }

  private heard(): void {
    this.heardAt = this.props.clock.now();
  }

  /** Says each thing once, until a watch goes well again. */
  private complain(error: unknown): void {
    const { log, resource } = this.props;
    const reason = messageOf(error);
    if (reason === this.complaint) return;
    this.complaint = reason;
    const message = this.version === undefined ? 'watch ended, listing anew' : 'watch ended, going on';
    log('warning', message, { resource: resource.name, group: resource.group, reason });
  }
}

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly unknown[];
}

function versionOf(object: unknown): string | undefined {
  const { metadata } = object as { readonly metadata?: { readonly resourceVersion?: string } };
  return metadata?.resourceVersion;
}

function isGone(error: unknown): boolean {
  return error instanceof GoneError || (error instanceof ClusterError && error.status === 410);
}
