// A day that is held: who, when, how many, why, what was objected; and the form by which it is decided.

import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { dayText } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { Confirm } from "./confirm.tsx";
import { type Decision, type HeldDay, type Outcome, useDecide } from "./held-queries.ts";
import { HourBars } from "./hour-bars.tsx";
import { NotDone } from "./said.tsx";

type DayProps = { readonly day: HeldDay };
type Told = DayProps & { readonly tell: (outcome: Outcome) => void };

/** Which day it is; its number, once the report is not held any more. */
export const dayOf = ({ report, id }: HeldDay, language: string) =>
  report === null ? id : dayText(report.day, language);

export const HeldDayCard = ({ day, tell }: Told) => (
  <article className="card held-day" data-held={day.id}>
    <Reported day={day} />
    <Reasons day={day} />
    <Heard day={day} />
    <Deciding day={day} tell={tell} />
  </article>
);

function Reported({ day }: DayProps) {
  const { t } = useTranslation("operator");
  const { count, language } = useWords();
  const { report, platform } = day;
  if (report === null) return null;
  const steps = report.hours.reduce((sum, hour) => sum + hour, 0);
  return (
    <>
      <h3>
        {dayOf(day, language)} · {t("held.steps", { count: steps, steps: count(steps) })}
      </h3>
      <p>
        <strong>{report.person}</strong> · {t("held.by", { platform, charity: report.charity })}
      </p>
      <p className="quiet">
        {report.device.model} <code>{report.device.id}</code> · {report.source.app}
      </p>
      <HourBars hours={report.hours} />
    </>
  );
}

function Reasons({ day: { reasons } }: DayProps) {
  const { t } = useTranslation("operator");
  return (
    <ul className="reasons">
      {reasons.map(({ code, says }) => (
        <li key={code}>
          <strong>{t(`held.patterns.${code}`, { defaultValue: code })}</strong>{" "}
          <span className="quiet" lang="en">
            {says}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What was said of it so far: by the operator before, and by who reported it. */
function Heard({ day: { heldAt, state, decision, appeal } }: DayProps) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const before = state === "accepted" ? "held.acceptedBefore" : "held.rejectedBefore";
  return (
    <>
      <p className="quiet">{t("held.since", { since: time(heldAt) })}</p>
      {decision !== null && <p>{t(before, { at: time(decision.at), reason: decision.reason })}</p>}
      {appeal !== null && (
        <div className="appeal">
          <p>
            <strong>{t("held.appeal", { at: time(appeal.at) })}</strong>
          </p>
          <blockquote>{appeal.text}</blockquote>
        </div>
      )}
    </>
  );
}

function Deciding({ day, tell }: Told) {
  const { t } = useTranslation("operator");
  const [decision, take] = useState<Decision>();
  const decide = useDecide(day, tell);
  const { decision: before } = day;
  const again = before !== null && { accept: true, reason: before.reason };
  return (
    <>
      {day.state === "accepted" && again ? (
        <button type="button" disabled={decide.isPending} onClick={() => decide.mutate(again)}>
          {t("held.record")}
        </button>
      ) : (
        <DecisionForm take={take} />
      )}
      {decide.isError && <NotDone error={decide.error} />}
      {decision !== undefined && (
        <Sure
          day={day}
          decision={decision}
          isBusy={decide.isPending}
          onNo={() => take(undefined)}
          onYes={() => decide.mutate(decision, { onSettled: () => take(undefined) })}
        />
      )}
    </>
  );
}

type SureProps = DayProps & {
  readonly decision: Decision;
  readonly isBusy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
};

function Sure({ day, decision: { accept, reason }, ...answers }: SureProps) {
  const { t } = useTranslation("operator");
  const { language } = useWords();
  const words = { day: dayOf(day, language), person: day.report?.person };
  return (
    <Confirm
      title={t(accept ? "held.sureAccept" : "held.sureReject")}
      yes={t(accept ? "held.accept" : "held.reject")}
      {...answers}
    >
      <p>
        {t("held.which", words)}: {reason}
      </p>
      <p>{t(accept ? "held.acceptMeans" : rejectMeans(day))}</p>
    </Confirm>
  );
}

/** What was objected to and is rejected then, stays so. */
const rejectMeans = ({ appeal }: HeldDay) => (appeal === null ? "held.rejectMeans" : "held.rejectForGood");

function DecisionForm({ take }: { take: (decision: Decision) => void }) {
  const { t } = useTranslation("operator");
  const [reason, setReason] = useState("");
  const id = useId();
  const isReady = reason.trim() !== "";
  const decide = (accept: boolean) => take({ accept, reason: reason.trim() });
  return (
    <form className="finding" onSubmit={(event) => event.preventDefault()}>
      <label htmlFor={id}>{t("held.reason")}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <p className="answers">
        <button type="button" disabled={!isReady} onClick={() => decide(true)}>
          {t("held.toAccept")}
        </button>
        <button type="button" disabled={!isReady} onClick={() => decide(false)}>
          {t("held.toReject")}
        </button>
      </p>
    </form>
  );
}
