import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi } from './api/client.ts';
import type { Caller } from './api/types/me.ts';
import { firstTexts } from './app/areas.ts';
import { Portal } from './app/portal.tsx';
import { Welcome } from './app/welcome.tsx';
import { openSession, signInAnew } from './auth/session.ts';
import { loadSettings } from './auth/settings.ts';
import { LanguageProvider } from './i18n/language.tsx';
import { ThemeProvider } from './theme/theme.tsx';

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the portal.');
const root = createRoot(place);

function show(content: ReactNode): void {
  root.render(
    <LanguageProvider texts={firstTexts}>
      <ThemeProvider>{content}</ThemeProvider>
    </LanguageProvider>,
  );
}

async function open(): Promise<void> {
  const settings = await loadSettings();
  const session = await openSession(settings);
  if (session === undefined) {
    show(<Welcome onSignIn={() => void signInAnew(settings).catch(showFailure)} />);
    return;
  }
  const caller = await createApi(session).get<Caller>('/api/v1/me');
  show(<Portal session={session} settings={settings} caller={caller} />);
}

function showFailure(error: unknown): void {
  const failure =
    error instanceof Error ? error.message : 'Something failed that says nothing of itself.';
  show(<Welcome failure={failure} onSignIn={() => location.assign('/portal/')} />);
}

open().catch(showFailure);
