// "Recompute this batch in your browser": the book from this site or from the visitor's disk, how far it is, and what it
// has shown, step by step.

import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { bytesText } from "../../units/bytes.ts";
import { useWords } from "../../units/use-words.ts";
import { bookPath, hasBook } from "../queries.ts";
import { ComparedWith } from "./compared-with.tsx";
import type { Progress, Recomputed } from "./messages.ts";
import { type Shown, stepsOf, stepsOfRefusal, verdictOf } from "./steps.ts";
import { Steps } from "./steps-list.tsx";
import { useContract } from "./use-contract.ts";
import { useRecompute } from "./use-recompute.ts";
import "./panel.css";

/** Also the texts of the form for contract and endpoint: it must be there when the connection is not. */
export function RecomputePanel({ number, batch }: Shown) {
  const { t } = useTranslation(["batches", "ledger"]);
  const { state, start, cancel } = useRecompute();
  const [isOver, setOver] = useState(false);
  const isWorking = state.phase === "working";
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined && !isWorking) start({ file });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const over = (event: DragEvent, is: boolean) => {
    event.preventDefault();
    setOver(is);
  };
  return (
    <section
      className={isOver ? "recompute over" : "recompute"}
      aria-labelledby="recompute"
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={drop}
    >
      <h2 id="recompute">{t(number === null ? "recompute.anyTitle" : "recompute.title")}</h2>
      <p>{t("recompute.what")}</p>
      <div className="actions">
        {number !== null && batch !== undefined && (
          <button
            type="button"
            className="main"
            disabled={isWorking || !hasBook(batch)}
            onClick={() => start({ url: bookPath(number) })}
          >
            {t("recompute.start")}
          </button>
        )}
        <BookInput isWorking={isWorking} take={take} />
        {isWorking && (
          <button type="button" onClick={cancel}>
            {t("recompute.cancel")}
          </button>
        )}
      </div>
      {batch !== undefined && !hasBook(batch) && <p className="quiet">{t("recompute.notYet")}</p>}
      {state.phase === "cancelled" && <p role="status">{t("recompute.cancelled")}</p>}
      {state.phase === "working" && <Working progress={state.progress} />}
      {state.phase === "refused" && <Steps steps={stepsOfRefusal(state.refusal)} />}
      {state.phase === "recomputed" && <Outcome book={state.result} shown={{ number, batch }} />}
    </section>
  );
}

function BookInput({ isWorking, take }: { isWorking: boolean; take: (files: FileList | null) => void }) {
  const { t } = useTranslation("batches");
  return (
    <label className="file">
      {t("recompute.fromDisk")}
      <input
        type="file"
        accept=".arrow"
        disabled={isWorking}
        onChange={({ target }) => {
          take(target.files);
          // The same file again is a change, too.
          target.value = "";
        }}
      />
    </label>
  );
}

/** The bar is drawn at each step; what is read aloud changes with what is being done only. */
function Working({ progress }: { progress: Progress | null }) {
  const { t } = useTranslation("batches");
  const { count, language } = useWords();
  const { kind, done, total } = progress ?? { kind: "read", done: 0, total: null };
  const told = (figure: number) => (kind === "read" ? bytesText(figure, language) : count(figure));
  return (
    <div className="working">
      <p role="status">{t(`recompute.doing.${kind}`)}</p>
      {/* Without a value the bar only says that something is going on. */}
      <progress
        aria-label={t(`recompute.doing.${kind}`)}
        {...(total === null ? {} : { value: done, max: total })}
      />
      <p className="quiet number">
        {total === null ? told(done) : t("recompute.of", { done: told(done), total: told(total) })}
      </p>
    </div>
  );
}

/** Of fewer receipts the pace says nothing: starting takes longer. */
const WORTH_A_FIGURE = 10_000n;

function Outcome({ book, shown }: { book: Recomputed; shown: Shown }) {
  const { t } = useTranslation("batches");
  const { count } = useWords();
  const { ledger, answer } = useContract(book);
  const steps = stepsOf(book, shown, answer);
  const verdict = answer === null ? null : verdictOf(steps);
  const aSecond = Math.round((Number(book.receipts) * 1000) / Math.max(1, book.hashedMs));
  return (
    <>
      <Steps steps={steps} />
      {answer === null && <p role="status">{t("recompute.comparing")}</p>}
      {verdict !== null && (
        <p className={`verdict ${verdict}`} role="status">
          {t(`recompute.verdict.${verdict}`)}
          {verdict === "good" && ledger.ground !== "own" && (
            <small>{t(`recompute.ground.${ledger.ground ?? "site"}`)}</small>
          )}
        </p>
      )}
      {book.receipts >= WORTH_A_FIGURE && (
        <p className="quiet">
          {t("recompute.figure", { receipts: count(book.receipts), aSecond: count(aSecond) })}
        </p>
      )}
      {answer !== null && <ComparedWith ledger={ledger} isAsked={answer.kind === "unread"} />}
    </>
  );
}
