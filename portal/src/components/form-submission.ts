import { useState, type SubmitEvent } from 'react';
import { asApiError } from '../api/hooks.ts';
import type { ApiError } from '../api/error.ts';

/** How far what a form says has come. */
export interface FormSubmission {
  readonly isBusy: boolean;
  /** Why it was not saved. */
  readonly error: ApiError | null;
  readonly submit: (event: SubmitEvent<HTMLFormElement>) => void;
}

/**
 * Saves what a form says, once; whoever saves leaves the form afterwards.
 *
 * @param read marks what has to be mended; undefined when there is such a thing
 */
export function useSubmission<T>(
  read: () => T | undefined,
  save: (terms: T) => Promise<unknown>,
): FormSubmission {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const terms = read();
    if (terms === undefined) {
      goToFirstFault(event.currentTarget);
      return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      await save(terms);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return { isBusy, error: asApiError(failure), submit: (event) => void submit(event) };
}

/** Takes whoever was refused to the first field that has to be mended, once it is marked as such. */
function goToFirstFault(form: HTMLElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0);
}
