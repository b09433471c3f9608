// The steps as people read them: ticked, in red with what is wrong, or open with why.

import { useTranslation } from "react-i18next";
import { bytesText } from "../../units/bytes.ts";
import { useWords } from "../../units/use-words.ts";
import type { CheckStep, Facts, Particular } from "./steps.ts";

/** A statement's receipts may be wrong by the thousand, where a whole book was exchanged. */
const MOST_SHOWN = 50;

export function Steps({ steps }: { steps: readonly CheckStep[] }) {
  return (
    <ol className="steps">
      {steps.map((step) => (
        <Step key={step.step} {...step} />
      ))}
    </ol>
  );
}

const MARKS = { good: "✓", bad: "✗", open: "?" } as const;

function Step({ step, ok, reason, facts, particulars }: CheckStep) {
  const { t } = useTranslation("batches");
  const told = useFacts(facts);
  const mark = ok === null ? "open" : ok ? "good" : "bad";
  return (
    <li className={mark}>
      <span className="mark" aria-hidden="true">
        {MARKS[mark]}
      </span>
      <div>
        <span className="unseen">{t(`marks.${mark}`)}: </span>
        {t([`steps.${step}.${reason}`, `steps.${step}.failed`], told)}
        <Particulars particulars={particulars} />
      </div>
    </li>
  );
}

/** Numbers as they are read, sizes as sizes, hashes as they are. */
function useFacts(facts: Facts): Record<string, string> {
  const { count, language } = useWords();
  const told = (name: string, fact: string | bigint) => {
    if (typeof fact === "string") return fact;
    return name === "bytes" ? bytesText(fact, language) : count(fact);
  };
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, told(name, fact)]));
}

function Particulars({ particulars }: { particulars: readonly Particular[] }) {
  const { t } = useTranslation("batches");
  const { count } = useWords();
  if (particulars.length === 0) return null;
  const more = particulars.length - MOST_SHOWN;
  return (
    <ul>
      {particulars.slice(0, MOST_SHOWN).map((particular, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is made anew with each outcome, and two may be alike
        <OneParticular key={i} {...particular} />
      ))}
      {more > 0 && <li>{t("recompute.more", { more: count(more) })}</li>}
    </ul>
  );
}

/** In the visitor's words where there are any; below them the audit's own sentence, which names the place to the byte. */
function OneParticular({ code, says, statement }: Particular) {
  const { t, i18n } = useTranslation("batches");
  const where =
    statement === null
      ? ""
      : t(`recompute.where.${statement.kind === 1 ? "reversals" : "gifts"}`, {
          charity: statement.registration ?? "?",
          unit: statement.unit,
        });
  const what = i18n.exists(`batches:flaws.${code}`) ? t(`flaws.${code}`) : "";
  return (
    <li>
      {[where, what].filter((text) => text !== "").join(": ")}
      {says !== "" && (
        <code className="says" lang="en">
          {says}
        </code>
      )}
    </li>
  );
}
