// /activities: where one can help, the soonest to end first.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Failed, Loading, Nothing } from "../shell/states.tsx";
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
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useActivities();
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} retry={() => void refetch()} />;
  const activities = data.pages.flatMap(({ items }) => items);
  if (activities.length === 0) return <Nothing>{t("list.none")}</Nothing>;
  return (
    <>
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
      {hasNextPage && (
        <button type="button" onClick={() => void fetchNextPage()}>
          {t("list.more")}
        </button>
      )}
    </>
  );
}
