// /hours: a volunteer's own year: how much is missing to three hours, every attendance, and the certificate.

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { get } from "../api/client.ts";
import { Listed } from "../shell/listed.tsx";
import { saveFile } from "../shell/save-file.ts";
import { Asked, Nothing } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { volunteerKey } from "./keys.ts";
import {
  asVolunteer,
  type OwnAttendance,
  useAttendances,
  useOwnStep,
  useYear,
  type Year,
} from "./queries.ts";
import { NotDone, Standing } from "./words.tsx";
import "./hours.css";

export default function HoursPage() {
  const { t } = useTranslation("hours");
  const key = volunteerKey();
  useTitle(t("mine.title"));
  return (
    <>
      <h1>{t("mine.title")}</h1>
      <p>{t("mine.what")}</p>
      {key === null ? <Stranger /> : <Own volunteer={key} />}
    </>
  );
}

function Stranger() {
  const { t } = useTranslation("hours");
  return (
    <Nothing>
      {t("mine.unknown")} <Link href="/activities">{t("list.title")}</Link>
    </Nothing>
  );
}

function Own({ volunteer }: { volunteer: string }) {
  const { t } = useTranslation("hours");
  const thisYear = new Date().getFullYear();
  const [year, setYear] = useState(thisYear);
  const id = useId();
  const query = useYear(year, volunteer);
  return (
    <>
      <p className="no-print">
        <label htmlFor={id}>{t("mine.year")}</label>{" "}
        <select id={id} value={year} onChange={({ target }) => setYear(Number(target.value))}>
          {[thisYear, thisYear - 1, thisYear - 2].map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </p>
      <Asked query={query}>{(answer) => <Goal year={answer} />}</Asked>
      <Certificate year={year} volunteer={volunteer} />
      <h2>{t("mine.attendances")}</h2>
      <Attendances volunteer={volunteer} />
    </>
  );
}

function Goal({ year }: { year: Year }) {
  const { t } = useTranslation("hours");
  const { decimal } = useWords();
  const { counted, goal, missing, reached, kinds } = year;
  const label = t("mine.of", { hours: decimal(counted.hours), goal: decimal(goal.hours) });
  return (
    <section className="card" aria-live="polite">
      <p className="hours-total">{label}</p>
      <progress max={goal.tenths} value={Math.min(counted.tenths, goal.tenths)} aria-label={label} />
      <p>{reached ? t("mine.reached") : t("mine.missing", { hours: decimal(missing.hours) })}</p>
      <ul>
        {kinds.map(({ kind, hours }) => (
          <li key={kind}>
            {t(`kinds.${kind}`)}: {t("hours", { hours: decimal(hours) })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Certificate({ year, volunteer }: { year: number; volunteer: string }) {
  const { t } = useTranslation("hours");
  const id = useId();
  const [name, setName] = useState("");
  const asking = useMutation({
    mutationFn: () => {
      const query = name.trim() === "" ? "" : `?name=${encodeURIComponent(name.trim())}`;
      return get<object>(`/v1/volunteers/me/years/${year}/certificate${query}`, asVolunteer(volunteer));
    },
    onSuccess: (certificate) =>
      saveFile(
        new Blob([JSON.stringify(certificate, null, 2)], { type: "application/vc+json" }),
        `three-hours-${year}.json`,
      ),
  });
  return (
    <section className="hours-form">
      {name.trim() !== "" && <p className="only-print hours-total">{name.trim()}</p>}
      <h2 className="no-print">{t("certificate.title")}</h2>
      <p className="no-print">{t("certificate.what")}</p>
      <label htmlFor={id} className="no-print">
        {t("certificate.name")}
      </label>
      <input
        id={id}
        className="no-print"
        value={name}
        maxLength={100}
        onChange={({ target }) => setName(target.value)}
      />
      <p className="no-print">
        <button type="button" className="main" disabled={asking.isPending} onClick={() => asking.mutate()}>
          {t("certificate.save")}
        </button>{" "}
        <button type="button" onClick={() => window.print()}>
          {t("certificate.print")}
        </button>
      </p>
      <NotDone error={asking.error} />
    </section>
  );
}

function Attendances({ volunteer }: { volunteer: string }) {
  const { t } = useTranslation("hours");
  return (
    <Listed query={useAttendances(volunteer)} none={t("mine.none")} more={t("list.more")}>
      {(attendances) => (
        <ul className="activities">
          {attendances.map((each) => (
            <li key={each.activity} className="card">
              <One attendance={each} volunteer={volunteer} />
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}

function One({ attendance, volunteer }: { attendance: OwnAttendance; volunteer: string }) {
  const { t } = useTranslation("hours");
  const { time } = useWords();
  const { announced, state, link } = attendance;
  const isOpen = state === "proposed" || state === "decided";
  return (
    <>
      <h3>
        <Link href={`/activities/${announced.id}`}>{announced.title}</Link>
      </h3>
      <p className="quiet">{time(announced.startsAt)}</p>
      <Standing attendance={attendance} />
      {link && <a href={pathOf(link)}>{t("mine.receipt")}</a>}
      {isOpen && <Answer activity={announced.id} volunteer={volunteer} />}
    </>
  );
}

/** On this site, wherever it is reached: the link itself names its public address. */
const pathOf = (link: string): string => {
  const { pathname, hash } = new URL(link);
  return pathname + hash;
};

function Answer({ activity, volunteer }: { activity: string; volunteer: string }) {
  const { t } = useTranslation("hours");
  const id = useId();
  const [reason, setReason] = useState("");
  const answering = useOwnStep(activity, volunteer);
  return (
    <div className="hours-form no-print">
      <button type="button" className="main" onClick={() => answering.mutate({ step: "agreement" })}>
        {t("agree")}
      </button>
      <label htmlFor={id}>{t("dispute.why")}</label>
      <textarea id={id} value={reason} maxLength={1000} onChange={({ target }) => setReason(target.value)} />
      <button
        type="button"
        disabled={reason.trim() === ""}
        onClick={() => answering.mutate({ step: "dispute", body: { reason: reason.trim() } })}
      >
        {t("dispute.do")}
      </button>
      <NotDone error={answering.error} />
    </div>
  );
}
