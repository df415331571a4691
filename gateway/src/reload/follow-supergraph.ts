import { readFileStamp, type Counter, type Logger } from '@shop/process';
import type { RoutedGraph } from '../graph/routed-graph.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import { hashSdl, readSupergraph } from '../supergraph/index.ts';
import { readSettled } from './read-settled.ts';

/** How often the file is looked at, and how long its content must stay the same, in milliseconds. */
const defaults = { intervalMs: 2_000, settleMs: 500 };

export interface FollowOptions {
  readonly file: string;
  readonly intervalMs?: number;
  readonly settleMs?: number;
}

export interface SupergraphFollower {
  /** Loads the file again, also when it has not changed: the manifests of persisted operations may have. Never rejects. */
  reload(): Promise<void>;
  /** Why the file is not served; undefined when it is. */
  readonly failure: string | undefined;
  /** Waits for the load that is running. */
  stop(): Promise<void>;
}

/**
 * Serves the supergraph of a file again whenever the file changes. A file that cannot be served is logged and counted once, and the
 * supergraph before it stays.
 *
 * The file is looked at again and again, and read and compared when its times or its size are others: events of the file system get lost
 * where a file is replaced by a link, as in Kubernetes.
 */
export function followSupergraph(
  options: FollowOptions & {
    readonly graphs: Pick<ServedGraphs<RoutedGraph>, 'current' | 'replace'>;
    readonly reloads: Counter<'outcome'>;
    readonly logger: Logger;
  },
): SupergraphFollower {
  const { file, graphs, reloads, logger } = options;
  const { intervalMs = defaults.intervalMs, settleMs = defaults.settleMs } = options;
  /** The hash of the content that was looked at last. It may have been refused. */
  let seen: string | undefined = graphs.current.supergraph.hash;
  /** The state of the file when that content was read. */
  let seenStamp: string | undefined;
  let failure: string | undefined;
  let running: Promise<void> | undefined;
  let isStopped = false;

  async function look(isForced: boolean): Promise<void> {
    // Before the content is read: a change after this shows at the next look.
    const stamp = await readFileStamp(file);
    if (!isForced && stamp !== undefined && stamp === seenStamp) return;
    seenStamp = stamp;
    const text = await readSettled(file, { settleMs, isKnown: (read) => !isForced && hashSdl(read) === seen }).catch(
      (error: NodeJS.ErrnoException) => {
        seen = undefined;
        seenStamp = undefined;
        return refuse(`it cannot be read (${error.code ?? error.message})`);
      },
    );
    if (text === undefined || isStopped) return;
    const hash = hashSdl(text);
    if (!isForced && hash === seen) return;
    seen = hash;
    if (isForced || hash !== graphs.current.supergraph.hash) await load(text, hash);
    else {
      failure = undefined;
      logger.info({ hash }, 'the supergraph file has the supergraph that is served');
    }
  }

  async function load(text: string, hash: string): Promise<void> {
    const startedAt = performance.now();
    try {
      await graphs.replace(readSupergraph(text));
    } catch (error) {
      return refuse((error as Error).message, hash);
    }
    failure = undefined;
    reloads.inc({ outcome: 'loaded' });
    logger.info({ hash, durationMs: Math.round(performance.now() - startedAt) }, 'a new supergraph is served');
  }

  function refuse(reason: string, hash?: string): undefined {
    if (reason === failure && hash === undefined) return;
    failure = reason;
    reloads.inc({ outcome: 'refused' });
    logger.error({ file, hash, reason }, `the supergraph in ${file} is not served, the one before it stays: ${reason}`);
  }

  function start(isForced: boolean): Promise<void> {
    const started: Promise<void> = (running ?? Promise.resolve())
      .then(() => (isStopped ? undefined : look(isForced)))
      .finally(() => {
        // Nothing is returned: `running` may be the next load, which waits for this one.
        if (running === started) running = undefined;
      });
    running = started;
    return started;
  }

  const timer = setInterval(() => {
    if (running === undefined) void start(false);
  }, intervalMs).unref();

  return {
    reload: () => start(true),
    get failure() {
      return failure;
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
