// The restricted funds of a charity: each has a line, a payee and a signer of its own.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "./address.ts";
import { type Charity, useFunds } from "./queries.ts";

export function Funds({ charity: { registration } }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  const { data = [], isError } = useFunds(registration);
  if (isError) return <p className="quiet">{t("funds.unknown")}</p>;
  if (data.length === 0) return null;
  return (
    <section aria-labelledby="funds">
      <h2 id="funds">{t("funds.title")}</h2>
      <p className="quiet">{t("funds.lead")}</p>
      <ul>
        {data.map((fund) => (
          <li key={fund.id}>
            <Link href={addressOf(fund.registration)}>{fund.name}</Link>{" "}
            <code className="quiet">{fund.registration}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
