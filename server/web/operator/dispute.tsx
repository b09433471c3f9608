// One dispute of hours: who was where and when, what each side says, and the form by which it is decided.

import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { LAST_LOCAL_TIME, localTime, timeTold } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { Confirm } from "./confirm.tsx";
import { calledOf, type Dispute, type Ended, useJudge, type Verdict } from "./dispute-queries.ts";
import { NotDone } from "./said.tsx";

type DisputeProps = { readonly dispute: Dispute };
type Told = DisputeProps & { readonly tell: (ended: Ended) => void };

export const DisputeCard = ({ dispute, tell }: Told) => (
  <article className="card dispute" data-dispute={dispute.volunteer}>
    <Stands dispute={dispute} />
    <Judging dispute={dispute} tell={tell} />
  </article>
);

function Stands({ dispute }: DisputeProps) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const { announced, reason, decision } = dispute;
  const { title, organiser, place, startsAt, endsAt } = announced;
  return (
    <>
      <h3>
        {title} · {calledOf(dispute)}
      </h3>
      <p className="quiet">
        {organiser} · {place} · {t("disputes.fromTo", { from: time(startsAt), to: time(endsAt) })}
      </p>
      <Counted dispute={dispute} />
      <dl className="sides">
        <dt>{t("disputes.volunteer")}</dt>
        <dd>{reason}</dd>
        <dt>{t("disputes.organiser")}</dt>
        <dd>{decision}</dd>
      </dl>
    </>
  );
}

function Counted({ dispute: { checkIn, checkOut, counted } }: DisputeProps) {
  const { t } = useTranslation("operator");
  const { time, decimal } = useWords();
  if (checkIn === null || checkOut === null || counted === null) return null;
  const fromTo = t("disputes.fromTo", { from: time(checkIn), to: time(checkOut) });
  return <p>{t("disputes.counted", { fromTo, hours: decimal(counted.hours) })}</p>;
}

function Judging({ dispute, tell }: Told) {
  const { t } = useTranslation("operator");
  const { time, count } = useWords();
  const [verdict, take] = useState<Verdict>();
  const judge = useJudge(dispute, tell);
  return (
    <>
      <VerdictForm dispute={dispute} take={take} />
      {judge.isError && <NotDone error={judge.error} />}
      {verdict !== undefined && (
        <Confirm
          title={t("disputes.sure")}
          yes={t("disputes.decide")}
          isBusy={judge.isPending}
          onNo={() => take(undefined)}
          onYes={() => judge.mutate(verdict, { onSettled: () => take(undefined) })}
        >
          <p>
            <strong>
              {dispute.announced.title} · {calledOf(dispute)}
            </strong>
          </p>
          <p>
            {t("disputes.fromTo", { from: time(verdict.checkIn), to: time(verdict.checkOut) })}:{" "}
            {verdict.reason}
          </p>
          {verdict.pieces !== null && (
            <p>
              {t("disputes.pieces")} {count(verdict.pieces)}
            </p>
          )}
          <p>{t("disputes.means")}</p>
        </Confirm>
      )}
    </>
  );
}

function VerdictForm({ dispute, take }: DisputeProps & { take: (verdict: Verdict) => void }) {
  const { t } = useTranslation("operator");
  const { announced } = dispute;
  const [checkIn, checkOut] = [dispute.checkIn ?? announced.startsAt, dispute.checkOut ?? announced.endsAt];
  const [came, setCame] = useState(localTime(checkIn));
  const [left, setLeft] = useState(localTime(checkOut));
  const [pieces, setPieces] = useState(dispute.pieces ?? 1);
  const [reason, setReason] = useState("");
  const id = useId();
  const isTime = announced.kind === "offline";
  const isReady = came !== "" && left !== "" && reason.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const times = { checkIn: timeTold(came, checkIn), checkOut: timeTold(left, checkOut) };
    if (isReady) take({ ...times, pieces: isTime ? null : pieces, reason: reason.trim() });
  };
  return (
    <form className="finding" onSubmit={submit}>
      <Time label={t("disputes.came")} value={came} set={setCame} />
      <Time label={t("disputes.left")} value={left} set={setLeft} />
      {!isTime && (
        <label>
          {t("disputes.pieces")}{" "}
          <input
            type="number"
            min={1}
            value={pieces}
            onChange={({ target }) => setPieces(Number(target.value))}
          />
        </label>
      )}
      <label htmlFor={id}>{t("held.reason")}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <button type="submit" disabled={!isReady}>
        {t("disputes.toDecide")}
      </button>
    </form>
  );
}

type TimeProps = { readonly label: string; readonly value: string; readonly set: (value: string) => void };

const Time = ({ label, value, set }: TimeProps) => (
  <label>
    {label}{" "}
    <input
      type="datetime-local"
      max={LAST_LOCAL_TIME}
      value={value}
      onChange={({ target }) => set(target.value)}
    />
  </label>
);
