// For whoever has the shop's key: what was recorded of a day, held against its published hash in this browser; and whether
// everyone may see the shop's totals. The key is kept nowhere, and gone with the page.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Completeness } from "../../programmes/completeness.ts";
import { get, inPath } from "../api/client.ts";
import { Failed } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { checkDay, type DayCheck, type PublishedNotice } from "./check-day.ts";
import { askForDay, disclose, useTotals } from "./queries.ts";

type Checked = { readonly statement: Completeness; readonly check: DayCheck };

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

async function lookAt(merchant: string, day: string, key: string): Promise<Checked> {
  const statement = await askForDay<Completeness>(merchant, day, key);
  const batch = await get<{ readonly notices: readonly PublishedNotice[] }>(
    `/v1/batches/${inPath(statement.batch)}`,
  );
  return { statement, check: checkDay(statement, batch.notices) };
}

export default function DayForm({ merchant }: { merchant: string }) {
  const { t } = useTranslation("merchant");
  const [key, setKey] = useState("");
  const [day, setDay] = useState(yesterday);
  const look = useMutation({ mutationFn: () => lookAt(merchant, day, key.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate();
  };
  return (
    <>
      <p className="quiet">{t("own.key")}</p>
      <form onSubmit={submit}>
        <label>
          {t("own.keyName")}
          <input
            type="password"
            autoComplete="off"
            required
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        <label>
          {t("own.day")}
          <input type="date" required value={day} onChange={({ target }) => setDay(target.value)} />
        </label>
        <button type="submit" className="main" disabled={look.isPending}>
          {t("own.look")}
        </button>
      </form>
      {look.error !== null && <Failed error={look.error} />}
      {look.data !== undefined && <Day {...look.data} />}
      <Disclosure merchant={merchant} apiKey={key.trim()} />
    </>
  );
}

function Day({ statement: { total, batch, day, hash }, check }: Checked) {
  const { t } = useTranslation("merchant");
  const { amount, count } = useWords();
  return (
    <div className="card" role="status">
      <h3 className="under">{day}</h3>
      <p>{t("own.purchases", { count: Number(total.purchases), shown: count(total.purchases) })}</p>
      <ul>
        {total.sums.map(({ currency, paid, given }) => (
          <li key={currency}>
            {t("own.sums", { paid: amount(paid, currency), given: amount(given, currency) })}
          </li>
        ))}
      </ul>
      <p>{t("own.last", { last: count(total.last) })}</p>
      <p className={check === "published" ? "good" : "bad"}>
        {t(`own.check.${check}`)}{" "}
        <Link href={`/batches/${batch}`}>{t("completeness.batch", { batch: count(batch) })}</Link>
      </p>
      <code className="hash">{hash}</code>
    </div>
  );
}

function Disclosure({ merchant, apiKey }: { merchant: string; apiKey: string }) {
  const { t } = useTranslation("merchant");
  const queries = useQueryClient();
  const { data } = useTotals(merchant);
  const change = useMutation({
    mutationFn: (shown: boolean) => disclose(merchant, shown, apiKey),
    onSuccess: (totals) => queries.setQueryData(["totals", merchant], totals),
  });
  if (data === undefined) return null;
  return (
    <>
      <p>{t(data.shown ? "own.isShown" : "own.isHidden")}</p>
      <button
        type="button"
        disabled={apiKey === "" || change.isPending}
        onClick={() => change.mutate(!data.shown)}
      >
        {t(data.shown ? "own.hide" : "own.show")}
      </button>
      {change.error !== null && <Failed error={change.error} />}
    </>
  );
}
