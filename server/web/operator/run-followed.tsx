// A settlement run as it goes: which step it is at, how far it has come, what it has paid and what it could not.

import { useTranslation } from "react-i18next";
import { Scrolls } from "../shell/scrolls.tsx";
import { Asked } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Unpaid } from "./preview-told.tsx";
import { type RunInDetail, useRun } from "./queries.ts";
import { useReason } from "./reasons.ts";

export function RunFollowed({ id }: { id: string }) {
  return <Asked query={useRun(id)}>{(run) => <Told run={run} />}</Asked>;
}

function Told({ run }: { run: RunInDetail }) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const asked = t(`settle.by.${run.askedBy}`);
  return (
    <article className="card run" data-state={run.state}>
      <h3>{t("run.heading", { id: run.id })}</h3>
      <p className="quiet">{t("run.asked", { by: asked, at: time(run.startedAt) })}</p>
      <Progress run={run} />
      <Payouts payouts={run.payouts} />
      <Unpaid reasons={new Map(Object.entries(run.unpaid))} />
      <SetAside lines={run.setAside} />
    </article>
  );
}

function Progress({ run: { state, lines, linesLookedAt, proofsUnderWay, endedAt } }: { run: RunInDetail }) {
  const { t } = useTranslation("operator");
  const { count, time } = useWords();
  const words = { lookedAt: count(linesLookedAt), lines: count(lines), proofs: count(proofsUnderWay ?? 0) };
  if (state === "done")
    return <p role="status">{t("run.done", { ...words, at: endedAt === null ? "" : time(endedAt) })}</p>;
  const value = state === "deciding" ? { value: linesLookedAt } : {};
  return (
    <>
      <p role="status">{t(`run.${state}`, words)}</p>
      <progress aria-label={t("run.progress")} max={Math.max(1, lines)} {...value} />
      <p className="quiet">{t("run.goesOn")}</p>
    </>
  );
}

function Payouts({ payouts }: { payouts: RunInDetail["payouts"] }) {
  const { t } = useTranslation("operator");
  const { amount, count } = useWords();
  if (payouts.length === 0) return null;
  return (
    <Scrolls name={t("run.payouts")}>
      <table>
        <caption className="quiet">{t("run.payouts")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("run.state")}</th>
            <th scope="col" className="number">
              {t("run.many")}
            </th>
            <th scope="col" className="number">
              {t("preview.amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {payouts.map((total) => (
            <tr key={`${total.unit} ${total.state}`}>
              <td>{t(`payouts.${total.state}`, { defaultValue: total.state })}</td>
              <td className="number">{count(total.payouts)}</td>
              <td className="number">{amount(total.amount, total.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

function SetAside({ lines }: { lines: RunInDetail["setAside"] }) {
  const { t } = useTranslation("operator");
  const say = useReason();
  if (lines.length === 0) return null;
  return (
    <>
      <h4>{t("run.setAside")}</h4>
      <ul className="set-aside">
        {lines.map(({ registration, unit, payout, reason }) => (
          <li key={`${registration} ${unit} ${payout}`}>
            <strong>
              {registration} · {unit}
            </strong>
            : {say(reason)}
          </li>
        ))}
      </ul>
    </>
  );
}
