import { createContext, use } from 'react';
import type { Session } from '../auth/session.ts';
import type { Viewer } from './area.ts';

export interface SignedIn extends Viewer {
  readonly session: Session;
}

export const ViewerContext = createContext<SignedIn | undefined>(undefined);

/** Who looks at the pages, and what this server is. */
export function useViewer(): SignedIn {
  const viewer = use(ViewerContext);
  if (viewer === undefined) throw new Error('Nobody is signed in here.');
  return viewer;
}
