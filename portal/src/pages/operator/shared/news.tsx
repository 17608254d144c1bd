import { useState, type ReactNode } from 'react';
import { Notice } from '../../../components/index.ts';

export interface News {
  readonly tone: 'success' | 'warning' | 'info';
  readonly text: string;
}

/** What just happened, told at the head of a page until the next thing happens. */
export function useNews(): readonly [ReactNode, (news: News | undefined) => void] {
  const [news, tell] = useState<News>();
  // The place is always there, so that what comes into it is read out.
  const shown = (
    <div aria-live="polite">
      {news !== undefined && <Notice tone={news.tone}>{news.text}</Notice>}
    </div>
  );
  return [shown, tell];
}
