// Who is paid and who signs for a charity, as the service says and as the contract says; and the advice to compare both with
// the charity's own site, since neither knows who it is.

import { useTranslation } from "react-i18next";
import type { CharityAccounts } from "../../verifier/contract-reader.ts";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";
import { siteOf } from "./address.ts";
import type { Charity } from "./queries.ts";
import { useAccounts } from "./use-contract.ts";

const NO_ACCOUNT = /^0x0{40}$/;

export function Accounts({ charity }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  const site = siteOf(charity.website);
  return (
    <section aria-labelledby="accounts">
      <h2 id="accounts">{t("accounts.title")}</h2>
      <dl className="facts">
        <dt>{t("accounts.signer")}</dt>
        <dd>{charity.signer ? <code>{charity.signer}</code> : t("accounts.noSigner")}</dd>
        <dt>{t("accounts.payee")}</dt>
        <dd>{charity.payee ? <code>{charity.payee}</code> : t("accounts.noPayee")}</dd>
        <dt>{t("accounts.rail")}</dt>
        <dd>{t(`rail.${charity.rail}`)}</dd>
      </dl>
      <OnChain charity={charity} />
      <p className="advice">
        {site ? t("accounts.compare", { site: new URL(site).hostname }) : t("accounts.compareElsewhere")}
      </p>
    </section>
  );
}

function OnChain({ charity }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  const { data, isError, isUnasked } = useAccounts(charity.id);
  if (isUnasked) return <p className="quiet">{t("accounts.notAsked")}</p>;
  if (isError) return <p className="quiet">{t("accounts.noAnswer")}</p>;
  if (data === undefined) return <p className="quiet">{t("accounts.asking")}</p>;
  return (
    <>
      <Same charity={charity} accounts={data} />
      <Announced accounts={data} which="signer" />
      <Announced accounts={data} which="payee" />
    </>
  );
}

const sameAccount = (said: string | null, kept: string): boolean =>
  said === null ? NO_ACCOUNT.test(kept) : said.toLowerCase() === kept;

type OnChainProps = { readonly charity: Charity; readonly accounts: CharityAccounts };

function Same({ charity, accounts }: OnChainProps) {
  const { t } = useTranslation("charity");
  const isSame = sameAccount(charity.signer, accounts.signer) && sameAccount(charity.payee, accounts.payee);
  if (isSame) return <p className="agrees">{t("accounts.same")}</p>;
  return (
    <p className="failed" role="alert">
      {t("accounts.differs", { signer: accounts.signer, payee: accounts.payee })}
    </p>
  );
}

function Announced({ accounts, which }: { accounts: CharityAccounts; which: "signer" | "payee" }) {
  const { t } = useTranslation("charity");
  const { time } = useWords();
  const change = accounts.pending[which];
  if (change === null) return null;
  const due = time(unixTime(`${change.due}`));
  return (
    <p className="claimed" role="alert">
      {t(`accounts.${which}Changes`, { to: change.to, due })}
    </p>
  );
}
