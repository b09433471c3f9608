// What several pages of volunteer time say alike: when and where, how an attendance stands, what went wrong.

import { useTranslation } from "react-i18next";
import { isRefused } from "../api/client.ts";
import { useWords } from "../units/use-words.ts";
import type { Activity, Attendance } from "./queries.ts";

export function WhenAndWhere({ activity }: { activity: Activity }) {
  const { t } = useTranslation("hours");
  const { time, count } = useWords();
  return (
    <dl className="facts">
      <dt>{t("kind")}</dt>
      <dd>{t(`kinds.${activity.kind}`)}</dd>
      <dt>{t("when")}</dt>
      <dd>{t("fromTo", { from: time(activity.startsAt), to: time(activity.endsAt) })}</dd>
      <dt>{t("where")}</dt>
      <dd>{activity.place}</dd>
      <dt>{t("places")}</dt>
      <dd>{t("free", { free: count(activity.free), places: count(activity.places) })}</dd>
    </dl>
  );
}

export function Standing({ attendance }: { attendance: Attendance }) {
  const { t } = useTranslation("hours");
  const { decimal, count, time } = useWords();
  const { state, counted, dueAt, byHand, reason, decision } = attendance;
  const isOpen = state === "proposed" || state === "decided";
  return (
    <>
      <p>
        <strong>{t(`states.${state}`)}</strong>
        {counted && (
          <> {t("counted", { hours: decimal(counted.hours), minutes: count(counted.effectiveMinutes) })}</>
        )}
      </p>
      {byHand && <p className="quiet">{t("byHand", { reason: byHand })}</p>}
      {reason && <p className="quiet">{t("disputedBecause", { reason })}</p>}
      {decision && <p className="quiet">{t("decidedBecause", { reason: decision })}</p>}
      {isOpen && dueAt && <p className="quiet">{t("until", { time: time(dueAt) })}</p>}
    </>
  );
}

const KNOWN = new Set([
  "activity-full",
  "wrong-code",
  "door-closed",
  "too-late",
  "activity-over",
  "nothing-anchored",
]);

/** Why something was not done, in the visitor's words where the reason is known. */
export function NotDone({ error }: { error: Error | null }) {
  const { t } = useTranslation(["hours", "shell"]);
  if (error === null) return null;
  const known = isRefused(error) && KNOWN.has(error.code);
  const says = known
    ? t(`notDone.${error.code}`)
    : isRefused(error)
      ? error.message
      : t("shell:states.noAnswer");
  return (
    <p role="alert" className="failed">
      {says}
    </p>
  );
}
