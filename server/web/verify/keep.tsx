// What a visitor takes along: the receipt's file, which verifies for ever, its link, or a sheet of paper.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toHex } from "../../protocol/bytes.ts";
import type { Verification } from "../../protocol/verification.ts";
import type { Opened } from "./open/opened.ts";

type Props = { readonly opened: Opened; readonly verification: Verification; readonly isLink: boolean };

export function Keep({ opened, verification: { file }, isLink }: Props) {
  const { t } = useTranslation("verify");
  if (file === null) return null;
  const name = `receipt-${toHex(file.receipt.id).slice(2)}.json`;
  return (
    <div className="keep">
      <button type="button" onClick={() => save(opened.text, name)}>
        {t("keep.save")}
      </button>
      {isLink && <CopyLink />}
      <button type="button" onClick={() => window.print()}>
        {t("keep.print")}
      </button>
    </div>
  );
}

function CopyLink() {
  const { t } = useTranslation("verify");
  const [isCopied, setCopied] = useState<boolean | null>(null);
  const copy = () =>
    navigator.clipboard.writeText(window.location.href).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {t("keep.copy")}
      </button>
      <span role="status">{isCopied === null ? null : t(isCopied ? "keep.copied" : "keep.notCopied")}</span>
    </>
  );
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
