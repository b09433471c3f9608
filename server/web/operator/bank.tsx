// The bank rail: what is on the way, what waits and why, and the movements that a person has to look at.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Asked, Failed, Nothing } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Confirm } from "./confirm.tsx";
import { FlaggedEntry } from "./flagged-entry.tsx";
import { Gauge } from "./health.tsx";
import { type BankState, useBank, useFlags, useRelease } from "./queries.ts";
import { useReason } from "./reasons.ts";

export function Bank() {
  const { t } = useTranslation("operator");
  return (
    <section className="bank">
      <h2>{t("bank.heading")}</h2>
      <Asked query={useBank()}>{(bank) => <Told bank={bank} />}</Asked>
      <h3>{t("bank.flags")}</h3>
      <p className="quiet">{t("bank.flagsMean")}</p>
      <Asked query={useFlags()}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t("bank.noFlags")}</Nothing>
          ) : (
            items.map((entry) => <FlaggedEntry key={entry.id} entry={entry} />)
          )
        }
      </Asked>
    </section>
  );
}

function Told({ bank }: { bank: BankState }) {
  const { t } = useTranslation("operator");
  const { count } = useWords();
  const say = useReason();
  return (
    <>
      <dl className="gauges">
        <Gauge name={t("bank.filed")} value={count(bank.filed)} />
        <Gauge name={t("bank.confirmed")} value={count(bank.confirmed)} />
        <Gauge name={t("bank.toSendAgain")} value={count(bank.toSendAgain)} />
        <Gauge name={t("bank.accountChanges")} value={count(bank.accountChanges)} />
      </dl>
      {bank.heldBackSince !== null && <HeldBack since={bank.heldBackSince} />}
      {bank.waiting.length > 0 && (
        <>
          <p>{t("bank.waiting")}</p>
          <ul>
            {bank.waiting.map(({ payout, registration, reason }) => (
              <li key={payout}>
                <strong>{registration}</strong>: {say(reason)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** After a restore nothing is filed until a person has compared with the account. */
function HeldBack({ since }: { since: string }) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const [isAsked, ask] = useState(false);
  const release = useRelease();
  return (
    <div className="card alarm">
      <p>{t("bank.heldBack", { since: time(since) })}</p>
      {release.isError && <Failed error={release.error} />}
      <button type="button" onClick={() => ask(true)}>
        {t("bank.release")}
      </button>
      {isAsked && (
        <Confirm
          title={t("bank.releaseSure")}
          yes={t("bank.release")}
          isBusy={release.isPending}
          onNo={() => ask(false)}
          onYes={() => release.mutate(undefined, { onSettled: () => ask(false) })}
        >
          <p>{t("bank.heldBack", { since: time(since) })}</p>
        </Confirm>
      )}
    </div>
  );
}
