// /activities/{id}/organiser: the code at the door, who came, and what is confirmed or decided. With the charity's key alone.

import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";
import { isRefused } from "../api/client.ts";
import { Listed } from "../shell/listed.tsx";
import { Asked } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { Attended } from "./attended.tsx";
import { keepOrganiserKey, organiserKey } from "./keys.ts";
import { type Activity, type Code, useActivity, useCode, useNamed } from "./queries.ts";
import "./hours.css";

export default function OrganiserPage() {
  const { id = "" } = useParams();
  const { t } = useTranslation("hours");
  const [key, setKey] = useState(organiserKey);
  const query = useActivity(id);
  useTitle(t("organiser.title"));
  const take = (next: string) => {
    keepOrganiserKey(next);
    setKey(next);
  };
  return (
    <>
      <h1>{t("organiser.title")}</h1>
      <Asked query={query}>
        {(activity) => (
          <>
            <p>
              <Link href={`/activities/${id}`}>{activity.title}</Link>
            </p>
            {key === null ? (
              <KeyForm take={take} />
            ) : (
              <Desk activity={activity} charity={key} forget={() => setKey(null)} />
            )}
          </>
        )}
      </Asked>
    </>
  );
}

function KeyForm({ take }: { take: (key: string) => void }) {
  const { t } = useTranslation("hours");
  const id = useId();
  const [key, setKey] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== "") take(key.trim());
  };
  return (
    <form className="card hours-form" onSubmit={submit}>
      <label htmlFor={id}>{t("organiser.key")}</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        value={key}
        onChange={({ target }) => setKey(target.value)}
      />
      <p className="quiet">{t("organiser.keyWhere")}</p>
      <button type="submit" className="main">
        {t("organiser.enter")}
      </button>
    </form>
  );
}

function Desk({ activity, charity, forget }: { activity: Activity; charity: string; forget: () => void }) {
  const { t } = useTranslation("hours");
  const code = useCode(activity.id, charity);
  if (isRefused(code.error))
    return (
      <section className="state failed" role="alert">
        <p>{t("organiser.wrongKey")}</p>
        <button type="button" onClick={forget}>
          {t("organiser.otherKey")}
        </button>
      </section>
    );
  return (
    <>
      <h2>{t("organiser.code")}</h2>
      <p>{t("organiser.codeWhat")}</p>
      <Asked query={code}>{(answer) => <DoorCode code={answer} />}</Asked>
      <h2>{t("organiser.who")}</h2>
      <Everyone activity={activity} charity={charity} />
    </>
  );
}

/** Readers want four modules of nothing around the code (ISO/IEC 18004), and dark on light in every colour scheme. */
const QUIET = 4;

function DoorCode({ code: { rows, until } }: { code: Code }) {
  const { t } = useTranslation("hours");
  const { time } = useWords();
  const side = rows.length + 2 * QUIET;
  const path = rows
    .flatMap((row, y) =>
      [...row].map((module, x) => (module === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")),
    )
    .join("");
  return (
    <svg
      className="door-code"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={t("organiser.codeAlt", { time: time(until) })}
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}

function Everyone({ activity, charity }: { activity: Activity; charity: string }) {
  const { t } = useTranslation("hours");
  return (
    <Listed query={useNamed(activity.id, charity)} none={t("organiser.nobody")} more={t("list.more")}>
      {(everyone) => (
        <ul className="activities">
          {everyone.map((each) => (
            <li key={each.volunteer} className="card">
              <Attended attendance={each} activity={activity} charity={charity} />
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}
