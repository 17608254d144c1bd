/** A thread of the renderer: makes the documents that it is asked for, one after the other. */
import { parentPort } from 'node:worker_threads';
import { fromPlain, toAnswer, type RenderAnswer, type RenderRequest } from './message.ts';
import { renderDocuments } from './render.ts';

async function answer({ id, document }: RenderRequest): Promise<RenderAnswer> {
  try {
    return { id, documents: await renderDocuments(fromPlain(document)) };
  } catch (error) {
    return toAnswer(id, error);
  }
}

parentPort?.on('message', (request: RenderRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, unlike a window
  void answer(request).then((said) => parentPort?.postMessage(said));
});
