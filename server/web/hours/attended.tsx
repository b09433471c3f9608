// One volunteer on the organiser's list: how it stands, and what the organiser may do about it.

import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { LAST_LOCAL_TIME, localTime, timeTold } from "../units/time.ts";
import { type Activity, type NamedAttendance, useNamedStep } from "./queries.ts";
import { NotDone, Standing } from "./words.tsx";

type Props = {
  readonly attendance: NamedAttendance;
  readonly activity: Activity;
  readonly charity: string;
};

export function Attended({ attendance, activity, charity }: Props) {
  const { t } = useTranslation("hours");
  const { displayName, name, state } = attendance;
  const doing = useNamedStep(activity.id, attendance.volunteer, charity);
  const isByHand = state === "signed-up" || state === "checked-in" || state === "checked-out";
  return (
    <>
      <h3>{displayName ?? name}</h3>
      <Standing attendance={attendance} />
      {state === "checked-out" && (
        <Confirm
          kind={activity.kind}
          confirm={(pieces) => doing.mutate({ step: "confirmation", body: { pieces } })}
        />
      )}
      {isByHand && (
        <details>
          <summary>{t("organiser.byHand")}</summary>
          <Times
            attendance={attendance}
            activity={activity}
            done={(body) => doing.mutate({ step: "by-hand", body })}
          />
        </details>
      )}
      {state === "disputed" && (
        <Times
          attendance={attendance}
          activity={activity}
          done={(body) => doing.mutate({ step: "decision", body: { ...body, pieces: piecesOf(attendance) } })}
        />
      )}
      <NotDone error={doing.error} />
    </>
  );
}

const piecesOf = ({ pieces }: NamedAttendance) => pieces;

function Confirm({ kind, confirm }: { kind: string; confirm: (pieces: number | null) => void }) {
  const { t } = useTranslation("hours");
  const id = useId();
  const [pieces, setPieces] = useState(1);
  const isTime = kind === "offline";
  return (
    <div className="hours-form">
      {!isTime && (
        <>
          <label htmlFor={id}>{t("organiser.pieces")}</label>
          <input
            id={id}
            type="number"
            min={1}
            value={pieces}
            onChange={({ target }) => setPieces(Number(target.value))}
          />
        </>
      )}
      <button type="button" className="main" onClick={() => confirm(isTime ? null : pieces)}>
        {t("organiser.confirm")}
      </button>
    </div>
  );
}

type Told = { readonly checkIn: string; readonly checkOut: string; readonly reason: string };
type TimesProps = Omit<Props, "charity"> & { readonly done: (told: Told) => void };

function Times({ attendance, activity, done }: TimesProps) {
  const { t } = useTranslation("hours");
  const id = useId();
  const first = {
    checkIn: attendance.checkIn ?? activity.startsAt,
    checkOut: attendance.checkOut ?? activity.endsAt,
  };
  const [checkIn, setCheckIn] = useState(localTime(first.checkIn));
  const [checkOut, setCheckOut] = useState(localTime(first.checkOut));
  const [reason, setReason] = useState("");
  const isWhole = checkIn !== "" && checkOut !== "" && reason.trim() !== "";
  const send = () =>
    done({
      checkIn: timeTold(checkIn, first.checkIn),
      checkOut: timeTold(checkOut, first.checkOut),
      reason: reason.trim(),
    });
  return (
    <div className="hours-form">
      <label htmlFor={`${id}-in`}>{t("organiser.in")}</label>
      <input
        id={`${id}-in`}
        type="datetime-local"
        max={LAST_LOCAL_TIME}
        value={checkIn}
        onChange={({ target }) => setCheckIn(target.value)}
      />
      <label htmlFor={`${id}-out`}>{t("organiser.out")}</label>
      <input
        id={`${id}-out`}
        type="datetime-local"
        max={LAST_LOCAL_TIME}
        value={checkOut}
        onChange={({ target }) => setCheckOut(target.value)}
      />
      <label htmlFor={`${id}-why`}>{t("organiser.why")}</label>
      <input
        id={`${id}-why`}
        value={reason}
        maxLength={1000}
        onChange={({ target }) => setReason(target.value)}
      />
      <button type="button" disabled={!isWhole} onClick={send}>
        {t("organiser.set")}
      </button>
    </div>
  );
}
