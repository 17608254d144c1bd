import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useEffect, useState, type ReactNode } from 'react';
import { asApiError } from '../api/hooks.ts';
import { useSay } from '../i18n/language.tsx';
import { ErrorNotice } from './error-notice.tsx';

export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, and whether it can be undone; fields too, such as a reason. */
  readonly children: ReactNode;
  /** Says what is done, not "Yes". */
  readonly confirmLabel: string;
  /** Whether what was entered is enough. */
  readonly canConfirm?: boolean;
  /** What fails is told in the dialog, which stays open. */
  readonly onConfirm: () => Promise<unknown>;
  /** Closed: without doing it, or after it was done. */
  readonly onClose: (wasDone: boolean) => void;
}

/** Asks before something is done that cannot simply be undone. Not there at all until it asks. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  return props.isOpen ? <OpenDialog {...props} /> : null;
}

function OpenDialog(props: ConfirmDialogProps): ReactNode {
  const { title, children, confirmLabel, canConfirm = true, onConfirm, onClose } = props;
  const say = useSay();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  useReturnOfFocus();
  const close = (wasDone: boolean): void => {
    setFailure(undefined);
    onClose(wasDone);
  };
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm();
      close(true);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, { open }) => {
        if (!open && !isBusy) close(false);
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            <ErrorNotice error={asApiError(failure)} />
            {children}
          </DialogContent>
          <DialogActions>
            <Button onClick={() => close(false)} disabledFocusable={isBusy}>
              {say('common.cancel')}
            </Button>
            <Button
              appearance="primary"
              // Not `disabled`, which would let go of the focus while it works.
              disabledFocusable={isBusy || !canConfirm}
              onClick={() => void confirm()}
            >
              {isBusy ? say('common.working') : confirmLabel}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Gives the focus back to what had it before the dialog. */
function useReturnOfFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
}
