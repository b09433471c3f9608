// For a receipt that was saved before its batch was sealed: the batch's public book shows where it is, without the operator.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Witness } from "../../../protocol/testimony.ts";
import type { Verification } from "../../../protocol/verification.ts";
import { MOST_BOOK_BYTES } from "../../book-size.ts";

type State = "waiting" | "reading" | "read" | "failed" | "tooLarge";

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
  const leaving = useLeaving();
  const look = async (chosen: File) => {
    if (file === null || leaf === null) return;
    if (chosen.size > MOST_BOOK_BYTES) return setState("tooLarge");
    setState("reading");
    const signal = leaving();
    try {
      const { hear } = await import("./ask.ts");
      onWitness(await hear({ book: new Uint8Array(await chosen.arrayBuffer()), file, leaf }, signal));
      setState("read");
    } catch {
      if (!signal.aborted) setState("failed");
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

/** A signal that is given when the visitor leaves: nobody waits for the answer then. */
function useLeaving(): () => AbortSignal {
  const left = useRef<AbortController>(null);
  useEffect(() => () => left.current?.abort(), []);
  return () => {
    left.current = new AbortController();
    return left.current.signal;
  };
}
