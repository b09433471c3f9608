// /charities/{id}: what a charity was given and how far it has come, who signs for it, and what it says that it became;
// and, for the charity itself, where it signs.

import "./page.css";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";
import { fromPath, isUnknown } from "../api/client.ts";
import { Asked, Loading } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { Accounts } from "./accounts.tsx";
import { addressOf, parentOf, siteOf } from "./address.ts";
import { Funds } from "./funds.tsx";
import { Lines } from "./lines.tsx";
import { Payouts } from "./payouts.tsx";
import { type Charity, useCharity } from "./queries.ts";
import { Reports } from "./reports.tsx";
import { Acknowledgements } from "./signed.tsx";

const Desk = lazy(() => import("./desk/desk.tsx"));

export default function CharityPage() {
  const { id = "" } = useParams<{ id: string }>();
  const registration = fromPath(id);
  const query = useCharity(registration);
  useTitle(query.data?.name ?? registration);
  return (
    <>
      {query.data === undefined && query.isError && !isUnknown(query.error) && <h1>{registration}</h1>}
      <Asked query={query}>{(charity) => <Shown key={charity.id} charity={charity} />}</Asked>
    </>
  );
}

function Shown({ charity }: { charity: Charity }) {
  return (
    <article className="charity">
      <Head charity={charity} />
      <Lines charity={charity} />
      <Accounts charity={charity} />
      <Funds charity={charity} />
      <Payouts charity={charity} />
      <Acknowledgements charity={charity} />
      <Reports charity={charity} />
      <ForItself charity={charity} />
    </article>
  );
}

function Head({ charity: { name, registration, website } }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  const [parent, site] = [parentOf(registration), siteOf(website)];
  return (
    <header>
      <h1>{name}</h1>
      <p>
        <span className="quiet">{t("head.registration")}</span> <code>{registration}</code>
      </p>
      {site && (
        <p>
          <a href={site} rel="noreferrer noopener">
            {site}
          </a>
        </p>
      )}
      {parent && (
        <p>
          {t("funds.isFundOf")} <Link href={addressOf(parent)}>{parent}</Link>
        </p>
      )}
    </header>
  );
}

/** What a wallet takes is loaded for those alone who ask for it. */
function ForItself({ charity }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  const [isOpen, open] = useState(false);
  return (
    <section className="desk" aria-labelledby="desk">
      <h2 id="desk">{t("desk.title")}</h2>
      <p>{t("desk.lead")}</p>
      {isOpen ? (
        <Suspense fallback={<Loading />}>
          <Desk charity={charity} />
        </Suspense>
      ) : (
        <button type="button" className="main" onClick={() => open(true)}>
          {t("desk.open")}
        </button>
      )}
    </section>
  );
}
