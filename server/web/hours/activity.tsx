// /activities/{id}: what is planned, and the way to take part.

import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";
import { isUnknown } from "../api/client.ts";
import { Asked, Loading } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useWords } from "../units/use-words.ts";
import { keepVolunteerKey, onceWord, volunteerKey } from "./keys.ts";
import { type Activity, useActivity, useOwnAttendance, useOwnStep, useSignUp } from "./queries.ts";
import { NotDone, Standing, WhenAndWhere } from "./words.tsx";
import "./hours.css";

export default function ActivityPage() {
  const { id = "" } = useParams();
  const { t } = useTranslation("hours");
  const query = useActivity(id);
  useTitle(query.data?.title ?? t("list.title"));
  return (
    <>
      <h1>{query.data?.title ?? t("list.title")}</h1>
      <Asked query={query}>{(activity) => <Announced activity={activity} byHand={activity.byHand} />}</Asked>
    </>
  );
}

function Announced({ activity, byHand }: { activity: Activity; byHand: number }) {
  const { t } = useTranslation("hours");
  const { time, count } = useWords();
  return (
    <>
      <p>
        {t("organisedBy")}{" "}
        <Link href={`/charities/${encodeURIComponent(activity.organiser)}`}>{activity.organiser}</Link>
      </p>
      <WhenAndWhere activity={activity} />
      {activity.pauses.length > 0 && (
        <>
          <h2>{t("pauses")}</h2>
          <ul>
            {activity.pauses.map(({ from, to }) => (
              <li key={from}>{t("fromTo", { from: time(from), to: time(to) })}</li>
            ))}
          </ul>
        </>
      )}
      {byHand > 0 && <p className="quiet">{t("byHandCount", { count: byHand, number: count(byHand) })}</p>}
      <TakePart activity={activity} />
      <p className="quiet no-print">
        <Link href={`/activities/${activity.id}/organiser`}>{t("forOrganiser")}</Link>
      </p>
    </>
  );
}

function TakePart({ activity }: { activity: Activity }) {
  const [key, setKey] = useState(volunteerKey);
  const take = (next: string) => {
    keepVolunteerKey(next);
    setKey(next);
  };
  return key === null ? (
    <SignUp activity={activity} volunteer={null} take={take} />
  ) : (
    <MyPart activity={activity} volunteer={key} take={take} />
  );
}

type Part = { readonly activity: Activity; readonly take: (key: string) => void };

function MyPart({ activity, volunteer, take }: Part & { volunteer: string }) {
  const { t } = useTranslation("hours");
  const query = useOwnAttendance(activity.id, volunteer);
  const withdrawing = useOwnStep(activity.id, volunteer);
  if (query.isPending) return <Loading />;
  if (isUnknown(query.error) || query.data?.state === "withdrawn")
    return <SignUp activity={activity} volunteer={volunteer} take={take} />;
  return (
    <section className="card" aria-live="polite">
      <h2>{t("mine.title")}</h2>
      <Asked query={query}>{(attendance) => <Standing attendance={attendance} />}</Asked>
      <p>
        <Link href="/hours">{t("list.mine")}</Link>
      </p>
      {query.data?.state === "signed-up" && (
        <button type="button" onClick={() => withdrawing.mutate({ step: "withdrawal" })}>
          {t("withdraw")}
        </button>
      )}
      <NotDone error={withdrawing.error} />
    </section>
  );
}

function SignUp({ activity, volunteer, take }: Part & { volunteer: string | null }) {
  const { t } = useTranslation("hours");
  const id = useId();
  const [once] = useState(onceWord);
  const [name, setName] = useState("");
  const signing = useSignUp(activity.id, volunteer);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const displayName = name.trim() === "" ? {} : { displayName: name.trim() };
    signing.mutate({ once, ...displayName }, { onSuccess: ({ key }) => take(key) });
  };
  return (
    <form className="card hours-form" onSubmit={submit}>
      <h2>{t("signUp.title")}</h2>
      {volunteer === null && (
        <>
          <label htmlFor={id}>{t("signUp.name")}</label>
          <input id={id} value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
          <p className="quiet">{t("signUp.nameWhy")}</p>
        </>
      )}
      <p className="quiet">{t("signUp.key")}</p>
      <button type="submit" className="main" disabled={signing.isPending || activity.free === 0}>
        {t(activity.free === 0 ? "signUp.full" : "signUp.do")}
      </button>
      <NotDone error={signing.error} />
    </form>
  );
}
