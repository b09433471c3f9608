// The verdict on a receipt in one sentence that anybody understands, and what they should do about it.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { Icon, type Sign } from "./icon.tsx";
import { LINE_AT_FAULT } from "./life.ts";
import type { Story } from "./queries.ts";
import { Reason } from "./reason.tsx";
import type { Check } from "./use-check.ts";

type Mood = "valid" | "invalid" | "fault" | "unknown" | "asking";

const SIGNS: Record<Mood, Sign> = {
  ...{ valid: "passed", invalid: "failed", fault: "failed" },
  ...{ unknown: "open", asking: "asking" },
};

/** Of a line at fault nothing can be told any more, which is worse than that it cannot be told yet. */
function moodOf({ isAsking, verification: { reason, verdict } }: Check): Mood {
  if (isAsking) return "asking";
  return reason === LINE_AT_FAULT ? "fault" : verdict;
}

/** A receipt is called genuine without an if only by what this site has no part in. */
const groundOf = ({ ground }: Check) => ground ?? "site";
const signOf = (mood: Mood, check: Check): Sign =>
  mood === "valid" && groundOf(check) !== "own" ? "said" : SIGNS[mood];

type Props = {
  readonly check: Check;
  readonly isProof: boolean;
  readonly story: Story;
  readonly onAgain: () => void;
};

export function Verdict({ check, isProof, story, onAgain }: Props) {
  const { t } = useTranslation("verify");
  const mood = moodOf(check);
  const name = isProof ? "titleOfProof" : "title";
  const title = t(mood === "valid" ? `verdict.valid.${groundOf(check)}.${name}` : `verdict.${mood}.title`);
  return (
    <section className={`verdict ${mood}`} role="status">
      <Icon sign={signOf(mood, check)} size={48} />
      <div>
        <h2>{title}</h2>
        <Why check={check} isProof={isProof} mood={mood} />
        <LastRead at={check.lastReadAt} />
        <Refunded story={story} unit={check.verification.file?.receipt.unit ?? ""} />
        {mood === "valid" && <Caveat check={check} />}
        {mood === "unknown" && check.host === null && check.verification.root !== null ? (
          <button type="button" onClick={onAgain}>
            {t("verdict.again")}
          </button>
        ) : null}
      </div>
    </section>
  );
}

function Why({ check, isProof, mood }: { check: Check; isProof: boolean; mood: Mood }) {
  const { t } = useTranslation("verify");
  const { amount } = useWords();
  const { verification } = check;
  if (mood === "asking") return <p>{t("verdict.asking.text")}</p>;
  if (mood === "valid") {
    const { status, file } = verification;
    const sum = file === null ? "" : amount(file.receipt.amount, file.receipt.unit);
    return (
      <>
        <p>{t(`status.${status}`, { amount: sum })}</p>
        {isProof && <p>{t("verdict.valid.ofProof")}</p>}
      </>
    );
  }
  const { step, says = null } = verification.steps.at(-1) ?? {};
  return (
    <>
      <p>
        <Reason check={check} reason={`${verification.reason}`} says={says} />
      </p>
      {mood === "invalid" && <p>{t("verdict.invalid.text", { step: t(`steps.${step}.title`) })}</p>}
      {mood === "unknown" && verification.root !== null && check.host === null ? (
        <p>{t("verdict.unknown.toRoot")}</p>
      ) : null}
    </>
  );
}

/** Of a contract that does not answer any more. */
function LastRead({ at }: { at: Date | null }) {
  const { t } = useTranslation("verify");
  const { time } = useWords();
  return at === null ? null : <p className="quiet">{t("verdict.lastRead", { time: time(at) })}</p>;
}

/** Why the verdict has an if, and what takes it away. */
function Caveat({ check }: { check: Check }) {
  const { t } = useTranslation("verify");
  const ground = groundOf(check);
  if (ground === "own") return null;
  return (
    <p className="caveat">{t(`verdict.valid.${ground}.says`, { contract: check.choice?.contract ?? "" })}</p>
  );
}

function Refunded({ story: { status }, unit }: { story: Story; unit: string }) {
  const { t } = useTranslation("verify");
  const { amount } = useWords();
  if (status === null || status.refunded === "0") return null;
  return <p className="refunded">{t("refunded", { amount: amount(status.refunded, unit) })}</p>;
}
