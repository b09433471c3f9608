// A movement of the account that fits no transfer as it should, and the form in which a person says what it was.

import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Confirm } from "./confirm.tsx";
import { type Entry, type Finding, useResolve } from "./queries.ts";

export function FlaggedEntry({ entry }: { entry: Entry }) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const { amount, currency, endToEndId, reference } = entry;
  return (
    <article className="card flag" data-entry={entry.id}>
      <p>
        <strong>
          {amount} {currency}
        </strong>{" "}
        · {t(`bank.direction.${entry.direction}`)} · {time(entry.toldAt)}
      </p>
      <p>
        <strong>{t(`outcomes.${entry.outcome}`, { defaultValue: entry.outcome })}</strong>:{" "}
        {entry.explanation}
      </p>
      <p className="quiet">
        {t("bank.transfer")} <code>{endToEndId || "—"}</code> · {t("bank.reference")}{" "}
        <code>{reference || "—"}</code>
      </p>
      <Resolving entry={entry} />
    </article>
  );
}

/** Which ways there are to count it, by what it is; the service holds to the same. */
const mayAccept = ({ outcome }: Entry) => outcome === "amount-differs";
const mayPay = ({ outcome, direction, status }: Entry) =>
  outcome === "unknown-transfer" && direction === "debit" && status === "BOOK";

function Resolving({ entry }: { entry: Entry }) {
  const { t } = useTranslation("operator");
  const [finding, find] = useState<Finding>();
  const resolve = useResolve(entry.id);
  return (
    <>
      <FindingForm entry={entry} take={find} />
      {resolve.isError && <Failed error={resolve.error} />}
      {finding !== undefined && (
        <Confirm
          title={t("resolve.sure")}
          yes={t("resolve.resolve")}
          isBusy={resolve.isPending}
          onNo={() => find(undefined)}
          onYes={() => resolve.mutate(finding, { onSettled: () => find(undefined) })}
        >
          <p>
            {entry.amount} {entry.currency}: {finding.note}
          </p>
          {finding.accept && <p>{t("resolve.acceptMeans")}</p>}
          {finding.payout && <p>{t("resolve.payoutMeans", { payout: finding.payout })}</p>}
        </Confirm>
      )}
    </>
  );
}

const PAYOUT = /^[1-9][0-9]{0,17}$/;

function FindingForm({ entry, take }: { entry: Entry; take: (finding: Finding) => void }) {
  const { t } = useTranslation("operator");
  const [note, setNote] = useState("");
  const [accept, setAccept] = useState(false);
  const [payout, setPayout] = useState("");
  const id = useId();
  const isReady = note.trim() !== "" && (payout === "" || PAYOUT.test(payout));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady)
      take({ note: note.trim(), ...(accept ? { accept } : {}), ...(payout === "" ? {} : { payout }) });
  };
  return (
    <form className="finding" onSubmit={submit}>
      <label htmlFor={`${id}-note`}>{t("resolve.note")}</label>
      <textarea
        id={`${id}-note`}
        rows={2}
        maxLength={500}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      {mayAccept(entry) && (
        <label>
          <input type="checkbox" checked={accept} onChange={({ target }) => setAccept(target.checked)} />{" "}
          {t("resolve.accept")}
        </label>
      )}
      {mayPay(entry) && (
        <label>
          {t("resolve.payout")}{" "}
          <input
            inputMode="numeric"
            size={10}
            value={payout}
            onChange={({ target }) => setPayout(target.value.trim())}
          />
        </label>
      )}
      <button type="submit" disabled={!isReady}>
        {t("resolve.open")}
      </button>
    </form>
  );
}
