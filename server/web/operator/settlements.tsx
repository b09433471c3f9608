// Paying the charities: what a run would pay, the run itself as it goes, and those before it.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Scrolls } from "../shell/scrolls.tsx";
import { Asked, Failed } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Confirm } from "./confirm.tsx";
import { usePreview } from "./preview.ts";
import { PreviewTold, Sums } from "./preview-told.tsx";
import { type Run, useRuns, useStart } from "./queries.ts";
import { RunFollowed } from "./run-followed.tsx";

export function Settlements() {
  const { t } = useTranslation("operator");
  return (
    <section className="settlements">
      <h2>{t("settle.heading")}</h2>
      <p className="quiet">{t("settle.what")}</p>
      <Asked query={useRuns()}>{({ items }) => <Runs runs={items} />}</Asked>
    </section>
  );
}

function Runs({ runs }: { runs: readonly Run[] }) {
  const newest = runs[0];
  const isUnderWay = newest !== undefined && newest.state !== "done";
  return (
    <>
      {!isUnderWay && <Starting />}
      {newest !== undefined && <RunFollowed key={newest.id} id={newest.id} />}
      {runs.length > 1 && <EarlierRuns runs={runs.slice(1)} />}
    </>
  );
}

/** Looks first; only what has been seen can be started, and is asked about once more. */
function Starting() {
  const { t } = useTranslation("operator");
  const { preview, error, look, stop } = usePreview();
  const [isAsked, ask] = useState(false);
  const start = useStart();
  const leave = () => {
    ask(false);
    stop();
  };
  if (error !== undefined) return <Failed error={error} retry={look} />;
  if (preview === undefined)
    return (
      <button type="button" onClick={look}>
        {t("settle.look")}
      </button>
    );
  return (
    <div className="card preview">
      <PreviewTold preview={preview} />
      {start.isError && <Failed error={start.error} />}
      <p className="answers">
        <button type="button" onClick={leave}>
          {t("confirm.no")}
        </button>
        <button type="button" className="main" disabled={!preview.isDone} onClick={() => ask(true)}>
          {t("settle.start")}
        </button>
      </p>
      {isAsked && (
        <Confirm
          title={t("settle.sure")}
          yes={t("settle.start")}
          isBusy={start.isPending}
          onNo={() => ask(false)}
          onYes={() => start.mutate(undefined, { onSettled: () => ask(false), onSuccess: leave })}
        >
          <Sums preview={preview} />
          <p>{t("settle.noWayBack")}</p>
        </Confirm>
      )}
    </div>
  );
}

function EarlierRuns({ runs }: { runs: readonly Run[] }) {
  const { t } = useTranslation("operator");
  const { time, count } = useWords();
  return (
    <details>
      <summary>{t("settle.earlier")}</summary>
      <Scrolls name={t("settle.earlier")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("settle.run")}</th>
              <th scope="col">{t("settle.started")}</th>
              <th scope="col">{t("settle.askedBy")}</th>
              <th scope="col" className="number">
                {t("settle.lines")}
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <td>{run.id}</td>
                <td>{time(run.startedAt)}</td>
                <td>{t(`settle.by.${run.askedBy}`)}</td>
                <td className="number">{count(run.linesLookedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </details>
  );
}
