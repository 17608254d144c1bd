import { Worker } from 'node:worker_threads';
import type { InvoiceDocument } from './invoice-document.ts';
import { errorOf, toPlain, type RenderAnswer, type RenderRequest } from './message.ts';
import type { RenderedDocument } from './render.ts';

/** Makes documents beside what else the process does. */
export interface Renderer {
  /**
   * As `renderDocuments`, in another thread.
   *
   * @throws DocumentInvalid as `renderDocuments` does; Error once the renderer is closed, or when a
   * thread ended; what it was asked for can be asked for again
   */
  render(document: InvoiceDocument): Promise<RenderedDocument[]>;
  /** Ends the threads. What is not done by then is refused. */
  close(): Promise<void>;
}

interface Task {
  readonly document: InvoiceDocument;
  readonly resolve: (documents: RenderedDocument[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  task: (Task & { readonly id: number }) | undefined;
}

/**
 * A renderer with so many threads, at least one. They begin with the first invoices and stay, since
 * a thread takes a second to begin; one that ended is replaced. An idle renderer does not keep the
 * process running.
 */
export function createRenderer({ threads }: { readonly threads: number }): Renderer {
  const running = new Set<Thread>();
  const waiting: Task[] = [];
  let isClosed = false;
  let lastId = 0;

  const next = (): void => {
    if (waiting.length === 0 || isClosed) return;
    const idle = [...running].find(({ task }) => task === undefined);
    const isFull = running.size >= Math.max(threads, 1);
    const thread = idle ?? (isFull ? undefined : begin());
    const task = thread && waiting.shift();
    if (thread === undefined || task === undefined) return;
    const id = ++lastId;
    thread.task = { ...task, id };
    thread.worker.ref();
    const request: RenderRequest = { id, document: toPlain(task.document) };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, unlike a window
    thread.worker.postMessage(request);
  };
  const begin = (): Thread => {
    const worker = new Worker(new URL('render-process.ts', import.meta.url));
    const thread: Thread = { worker, task: undefined };
    running.add(thread);
    worker.unref();
    worker.on('message', (answer: RenderAnswer) => {
      const { task } = thread;
      if (task?.id !== answer.id) return;
      thread.task = undefined;
      worker.unref();
      if (answer.documents === undefined) task.reject(errorOf(answer, task.document.number));
      else task.resolve([...answer.documents]);
      next();
    });
    const end = (error: unknown): void => {
      running.delete(thread);
      thread.task?.reject(error);
      thread.task = undefined;
      next();
    };
    worker.on('error', end);
    worker.on('exit', () => end(new Error('The thread that made the documents ended.')));
    return thread;
  };
  return {
    render: (document) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw new Error('The renderer is closed.');
        waiting.push({ document, resolve, reject });
        next();
      }),
    close: async () => {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(new Error('The renderer is closed.'));
      await Promise.all([...running].map(({ worker }) => worker.terminate()));
    },
  };
}
