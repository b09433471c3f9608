// /activities: where one can help, the soonest to end first.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Listed } from "../shell/listed.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { useActivities } from "./queries.ts";
import "./hours.css";

export default function ActivitiesPage() {
  const { t } = useTranslation("hours");
  useTitle(t("list.title"));
  return (
    <>
      <h1>{t("list.title")}</h1>
      <p>{t("list.what")}</p>
      <p>
        <Link href="/hours">{t("list.mine")}</Link>
      </p>
      <Activities />
    </>
  );
}

function Activities() {
  const { t } = useTranslation("hours");
  const { time, count } = useWords();
  return (
    <Listed query={useActivities()} none={t("list.none")} more={t("list.more")}>
      {(activities) => (
        <ul className="activities">
          {activities.map(({ id, title, place, startsAt, free, places }) => (
            <li key={id} className="card">
              <Link href={`/activities/${id}`}>{title}</Link>
              <p>
                {time(startsAt)} · {place}
              </p>
              <p className="quiet">{t("free", { free: count(free), places: count(places) })}</p>
            </li>
          ))}
        </ul>
      )}
    </Listed>
  );
}
