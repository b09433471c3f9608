// Asks once more before something is done that cannot be taken back. Escape and the first button lead back.

import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";

type Props = {
  readonly title: string;
  readonly yes: string;
  readonly isBusy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children: ReactNode;
};

export function Confirm({ title, yes, isBusy, onYes, onNo, children }: Props) {
  const { t } = useTranslation("operator");
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onNo}>
      <h2 id={id}>{title}</h2>
      {children}
      <p className="answers">
        <button type="button" onClick={onNo}>
          {t("confirm.no")}
        </button>
        <button type="button" className="main" disabled={isBusy} onClick={onYes}>
          {yes}
        </button>
      </p>
    </dialog>
  );
}
