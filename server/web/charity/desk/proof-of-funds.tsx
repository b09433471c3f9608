// The proof of funds: what came and what became of it in a period, as a paper, a sheet or JSON.

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { getFile, inPath } from "../../api/client.ts";
import { saveFile } from "../../shell/save-file.ts";
import { charityPath, type Line, useLines } from "../queries.ts";
import { useDesk } from "./context.ts";
import { NotDone } from "./not-done.tsx";

const FORMATS = ["pdf", "csv", "json"] as const;

type Asked = { readonly from: string; readonly to: string; readonly unit: string; readonly format: string };

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** From the beginning of the year until today, in UTC. */
function thisYear(now: Date): Pick<Asked, "from" | "to"> {
  const to = dayOf(now);
  return { from: `${to.slice(0, 4)}-01-01`, to };
}

export function ProofOfFunds() {
  const { t } = useTranslation("charity-desk");
  const { charity, session } = useDesk();
  const lines = useLines(charity.id).data?.items ?? [];
  const [asked, setAsked] = useState<Asked>({ ...thisYear(new Date()), unit: "", format: "pdf" });
  const taking = useMutation({
    mutationFn: async () => {
      const { from, to, format } = asked;
      const unit = asked.unit === "" ? (lines[0]?.unit ?? "") : asked.unit;
      const query = `?from=${from}&to=${to}&format=${format}&unit=${inPath(unit)}`;
      const file = await getFile(charityPath(charity.id, `/statement${query}`), session);
      saveFile(file, `funds-${charity.registration}-${from}-${to}.${format}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    taking.mutate();
  };
  return (
    <section className="card" aria-labelledby="funds-proof">
      <h3 id="funds-proof">{t("proof.title")}</h3>
      <p className="quiet">{t("proof.lead")}</p>
      <form onSubmit={submit}>
        <div className="row">
          <Day label={t("proof.from")} value={asked.from} onChange={(from) => setAsked({ ...asked, from })} />
          <Day label={t("proof.to")} value={asked.to} onChange={(to) => setAsked({ ...asked, to })} />
          <Unit lines={lines} value={asked.unit} onChange={(unit) => setAsked({ ...asked, unit })} />
          <Format value={asked.format} onChange={(format) => setAsked({ ...asked, format })} />
        </div>
        <button type="submit" className="main" disabled={taking.isPending || lines.length === 0}>
          {t(taking.isPending ? "proof.fetching" : "proof.take")}
        </button>
      </form>
      {taking.isSuccess && <p role="status">{t("proof.taken")}</p>}
      {taking.isError && <NotDone error={taking.error} />}
    </section>
  );
}

type FieldProps = { readonly value: string; readonly onChange: (value: string) => void };

const Day = ({ label, value, onChange }: FieldProps & { readonly label: string }) => (
  <label className="field">
    {label}
    <input type="date" required value={value} onChange={({ target }) => onChange(target.value)} />
  </label>
);

function Unit({ lines, value, onChange }: FieldProps & { readonly lines: readonly Line[] }) {
  const { t } = useTranslation("charity-desk");
  if (lines.length < 2) return null;
  return (
    <label className="field">
      {t("proof.unit")}
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {lines.map(({ unit }) => (
          <option key={unit}>{unit}</option>
        ))}
      </select>
    </label>
  );
}

function Format({ value, onChange }: FieldProps) {
  const { t } = useTranslation("charity-desk");
  return (
    <label className="field">
      {t("proof.format")}
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {FORMATS.map((format) => (
          <option key={format} value={format}>
            {t(`proof.as.${format}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
