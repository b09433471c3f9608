// The payout that has waited longest for its charity's signature: until then it is the operator's word alone.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../charity/address.ts";
import { useWords } from "../units/use-words.ts";
import type { Claim } from "./figures.ts";

const ageOf = (since: string) => Math.max(0, (Date.now() - Date.parse(since)) / 1000);

export function OldestClaim({ claim, isPaid }: { claim: Claim | null; isPaid: boolean }) {
  const { t } = useTranslation("overview");
  return (
    <section className="oldest-claim">
      <h2>{t("claim.heading")}</h2>
      {claim === null ? <p>{t(isPaid ? "claim.none" : "claim.nothingPaid")}</p> : <Told claim={claim} />}
    </section>
  );
}

function Told({ claim: { registration, name, unit, amount, since } }: { claim: Claim }) {
  const { t } = useTranslation("overview");
  const words = useWords();
  return (
    <div className="card">
      <p>
        <strong>{words.amount(amount, unit)}</strong> <Link href={addressOf(registration)}>{name}</Link>{" "}
        <span className="quiet">({registration})</span>
      </p>
      <p>{t("claim.age", { age: words.age(ageOf(since)), since: words.time(since) })}</p>
      <p className="quiet">{t("claim.why")}</p>
    </div>
  );
}
