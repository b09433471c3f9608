// A button that copies a text, and says whether the browser has let it.

import { type ReactNode, useState } from "react";

type Props = {
  readonly text: string;
  readonly copied: string;
  /** What is left to do where a browser forbids it, or knows no clipboard. */
  readonly notCopied: string;
  readonly children: ReactNode;
};

export function CopyButton({ text, copied, notCopied, children }: Props) {
  const [told, tell] = useState("");
  const copy = () =>
    Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => tell(copied),
      () => tell(notCopied),
    );
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {children}
      </button>{" "}
      <span role="status">{told}</span>
    </>
  );
}
