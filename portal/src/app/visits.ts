let shown = false;

/** Whether no page has been shown since the portal was opened. */
export function isFirstPage(): boolean {
  return !shown;
}

export function pageWasShown(): void {
  shown = true;
}
