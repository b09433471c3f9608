// The wallets to choose from, the one that is connected, and whether its account is the one that signs for the charity.

import { useTranslation } from "react-i18next";
import { type Connector, useConnect, useConnectors, useDisconnect } from "wagmi";
import type { Charity } from "../queries.ts";
import { NotDone } from "./not-done.tsx";
import type { Session } from "./session.ts";
import { isAccount, type Signer, useSigner } from "./use-signer.ts";
import { walletsOf } from "./wallet.ts";

type Props = { readonly charity: Charity; readonly session: Session | null };

export function Wallet({ charity, session }: Props) {
  const { t } = useTranslation("charity-desk");
  const signer = useSigner();
  return (
    <section className="card" aria-labelledby="wallet">
      <h3 id="wallet">{t("wallet.title")}</h3>
      {signer === null ? <Choice /> : <Connected signer={signer} />}
      {signer !== null && charity.signer === null && <p role="status">{t("wallet.noSigner")}</p>}
      {signer !== null && charity.signer !== null && !isAccount(signer.account, charity.signer) && (
        <div className="other-account" role="alert">
          <p>{t("wallet.other", { account: signer.account, expected: charity.signer })}</p>
          <p>{t(session?.by === "key" ? "wallet.otherOfContract" : "wallet.otherWhatToDo")}</p>
        </div>
      )}
    </section>
  );
}

function Choice() {
  const { t } = useTranslation("charity-desk");
  const wallets = walletsOf(useConnectors());
  const { mutate, reset, isPending, error } = useConnect();
  if (error !== null) return <NotDone error={error} again={reset} />;
  if (wallets.length === 0)
    return (
      <>
        <p>{t("wallet.none")}</p>
        <p className="quiet">{t("wallet.noneWhatToDo")}</p>
      </>
    );
  return (
    <>
      <p>{t(isPending ? "wallet.answerThere" : "wallet.choose")}</p>
      <div className="buttons">
        {wallets.map((connector) => (
          <button
            key={connector.uid}
            type="button"
            disabled={isPending}
            onClick={() => mutate({ connector })}
          >
            <Icon connector={connector} />{" "}
            {connector.id === "injected" ? t("wallet.browsers") : connector.name}
          </button>
        ))}
      </div>
    </>
  );
}

/** A wallet brings its picture along; one that lies elsewhere is not fetched. */
const Icon = ({ connector: { icon } }: { connector: Connector }) =>
  icon?.startsWith("data:image/") ? <img src={icon.trim()} alt="" width={24} height={24} /> : null;

function Connected({ signer: { account, wallet } }: { signer: Signer }) {
  const { t } = useTranslation("charity-desk");
  const { mutate, isPending } = useDisconnect();
  return (
    <>
      <p>
        {t("wallet.connected", { wallet })} <code>{account}</code>
      </p>
      <button type="button" disabled={isPending} onClick={() => mutate({})}>
        {t("wallet.disconnect")}
      </button>
    </>
  );
}
