import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly cell: (item: T) => ReactNode;
  /** Figures stand at the end, where their points are below each other. */
  readonly align?: 'start' | 'end';
  /** Its cells are not broken into lines. */
  readonly isOneLine?: boolean;
  /** Sentences: it keeps some width where there is little, or its rows would be as high as a window. */
  readonly isText?: boolean;
  /** Names the row to those who do not see it; the first column unless one says so. */
  readonly isRowHeader?: boolean;
  /** The column sorts by this; see `sort`. */
  readonly sortBy?: string;
}

export interface Sort {
  /** A `sortBy`, with `-` before it where the largest is first. */
  readonly by: string | undefined;
  readonly onChange: (by: string) => void;
}
