// What a visitor takes along: the receipt's file, which verifies for ever, its link, or a sheet of paper.

import { useTranslation } from "react-i18next";
import { toHex } from "../../protocol/bytes.ts";
import type { Verification } from "../../protocol/verification.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { saveFile } from "../shell/save-file.ts";
import type { Opened } from "./open/opened.ts";

type Props = { readonly opened: Opened; readonly verification: Verification; readonly isLink: boolean };

export function Keep({ opened, verification: { file }, isLink }: Props) {
  const { t } = useTranslation("verify");
  if (file === null) return null;
  const name = `receipt-${toHex(file.receipt.id).slice(2)}.json`;
  return (
    <div className="keep">
      <button
        type="button"
        onClick={() => saveFile(new Blob([opened.text], { type: "application/json" }), name)}
      >
        {t("keep.save")}
      </button>
      {isLink && (
        <CopyButton text={window.location.href} copied={t("keep.copied")} notCopied={t("keep.notCopied")}>
          {t("keep.copy")}
        </CopyButton>
      )}
      <button type="button" onClick={() => window.print()}>
        {t("keep.print")}
      </button>
    </div>
  );
}
