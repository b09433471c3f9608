// /hours/{activity}#code: where the code at the door leads: the volunteer checks in, and later out.

import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";
import { Asked } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { volunteerKey } from "./keys.ts";
import { type Attendance, useActivity, useOwnAttendance, useOwnStep } from "./queries.ts";
import { NotDone, Standing } from "./words.tsx";
import "./hours.css";

const listen = (changed: () => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};

export default function DoorPage() {
  const { id = "" } = useParams();
  const { t } = useTranslation("hours");
  const query = useActivity(id);
  const key = volunteerKey();
  useTitle(t("door.title"));
  return (
    <>
      <h1>{t("door.title")}</h1>
      <Asked query={query}>
        {({ title }) => (
          <>
            <p>
              <Link href={`/activities/${id}`}>{title}</Link>
            </p>
            {key === null ? (
              <p className="state">{t("door.unknown")}</p>
            ) : (
              <AtDoor activity={id} volunteer={key} />
            )}
          </>
        )}
      </Asked>
    </>
  );
}

function AtDoor({ activity, volunteer }: { activity: string; volunteer: string }) {
  const query = useOwnAttendance(activity, volunteer);
  return (
    <section className="card" aria-live="polite">
      <Asked query={query}>
        {(attendance) => (
          <>
            <Standing attendance={attendance} />
            <Pass attendance={attendance} volunteer={volunteer} />
          </>
        )}
      </Asked>
    </section>
  );
}

function Pass({ attendance, volunteer }: { attendance: Attendance; volunteer: string }) {
  const { t } = useTranslation("hours");
  const code = useSyncExternalStore(listen, () => location.hash.slice(1));
  const passing = useOwnStep(attendance.activity, volunteer);
  const step = attendance.state === "signed-up" ? "check-in" : "check-out";
  if (attendance.state !== "signed-up" && attendance.state !== "checked-in")
    return <Link href="/hours">{t("list.mine")}</Link>;
  if (code === "") return <p>{t("door.noCode")}</p>;
  return (
    <>
      <button
        type="button"
        className="main"
        disabled={passing.isPending}
        onClick={() => passing.mutate({ step, body: { code } })}
      >
        {t(`door.${step}`)}
      </button>
      <NotDone error={passing.error} />
    </>
  );
}
