// For a receipt that was saved before its batch was sealed: the batch's public book shows where it is, without the operator.

import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Witness } from "../../../protocol/testimony.ts";
import type { Verification } from "../../../protocol/verification.ts";

type State = "waiting" | "reading" | "read" | "failed";

/** What the book has shown is handed up. */
export function BookDoor({
  verification: { file, leaf },
  onWitness,
}: {
  verification: Verification;
  onWitness: (witness: Witness) => void;
}) {
  const { t } = useTranslation("verify");
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<State>("waiting");
  const look = async (chosen: File) => {
    if (file === null || leaf === null) return;
    setState("reading");
    try {
      const { hear } = await import("./ask.ts");
      onWitness(await hear({ book: new Uint8Array(await chosen.arrayBuffer()), file, leaf }));
      setState("read");
    } catch {
      setState("failed");
    }
  };
  return (
    <section className="card">
      <h2>{t("book.title")}</h2>
      <p>{t("book.why")}</p>
      <input
        ref={input}
        type="file"
        hidden
        accept=".arrow"
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          if (chosen !== undefined) void look(chosen);
          target.value = "";
        }}
      />
      <button type="button" disabled={state === "reading"} onClick={() => input.current?.click()}>
        {t("book.open")}
      </button>
      <p role="status">{state === "waiting" ? null : t(`book.${state}`)}</p>
    </section>
  );
}
