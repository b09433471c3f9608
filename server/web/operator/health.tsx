// How queue, sealing and anchoring stand, and what is wrong: in plain words, with what to do.

import { useTranslation } from "react-i18next";
import { Asked } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { type Health as HealthAnswer, useHealth } from "./queries.ts";

export function Health() {
  const { t } = useTranslation("operator");
  return (
    <section className="health">
      <h2>{t("health.heading")}</h2>
      <Asked query={useHealth()}>{(health) => <Told health={health} />}</Asked>
    </section>
  );
}

function Told({ health }: { health: HealthAnswer }) {
  const { t } = useTranslation("operator");
  const { count, age } = useWords();
  const { events, unsealedSeconds, unanchoredSeconds } = health.waiting;
  const ageOr = (seconds: number | null) => (seconds === null ? t("health.nothing") : age(seconds));
  return (
    <>
      <p role="status" className={health.healthy ? "well" : "failed"}>
        {t(health.healthy ? "health.well" : "health.unwell", { count: health.problems.length })}
      </p>
      <dl className="gauges">
        <Gauge name={t("health.events")} value={count(events)} />
        <Gauge name={t("health.unsealed")} value={ageOr(unsealedSeconds)} />
        <Gauge name={t("health.unanchored")} value={ageOr(unanchoredSeconds)} />
      </dl>
      <Problems health={health} />
    </>
  );
}

export const Gauge = ({ name, value }: { name: string; value: string }) => (
  <div className="card">
    <dt className="quiet">{name}</dt>
    <dd>{value}</dd>
  </div>
);

/** Alarms with what to do about each; then what else is wrong, which has no kind of its own. */
function Problems({ health: { problems, alarms, linesAtFault } }: { health: HealthAnswer }) {
  const { t } = useTranslation("operator");
  const told = new Set(alarms.map(({ message }) => message));
  const others = problems.filter((problem) => !told.has(problem));
  return (
    <ul className="problems">
      {alarms.map((alarm) => (
        <Alarm key={alarm.kind} alarm={alarm} />
      ))}
      {others.map((problem) => (
        <li key={problem} className="card">
          <p lang="en">{problem}</p>
        </li>
      ))}
      {linesAtFault.length > 0 && (
        <li className="card">
          <p>{t("health.faultMeans")}</p>
        </li>
      )}
    </ul>
  );
}

function Alarm({ alarm: { kind, message, since } }: { alarm: HealthAnswer["alarms"][number] }) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  return (
    <li className="card alarm">
      <p>
        <strong lang="en">{message}</strong>
      </p>
      <p>{t(`alarms.${kind}`, { defaultValue: t("alarms.other") })}</p>
      <p className="quiet">{t("health.since", { since: time(since) })}</p>
    </li>
  );
}
