// Signing in: by the wallet's signature, or by an API key where a wallet contract cannot be asked for one.

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Charity } from "../queries.ts";
import { NotDone } from "./not-done.tsx";
import { type Session, signIn, signInByKey } from "./session.ts";
import { isAccount, type Signer, useSigner } from "./use-signer.ts";

type Props = { readonly charity: Charity; readonly onSignedIn: (session: Session) => void };

export function SignIn({ charity, onSignedIn }: Props) {
  const { t } = useTranslation("charity-desk");
  const signer = useSigner();
  return (
    <section className="card" aria-labelledby="sign-in">
      <h3 id="sign-in">{t("signIn.title")}</h3>
      {signer !== null && isAccount(signer.account, charity.signer) ? (
        <ByWallet signer={signer} onSignedIn={onSignedIn} />
      ) : (
        <p className="quiet">{t("signIn.first")}</p>
      )}
      <ByKey charity={charity} onSignedIn={onSignedIn} />
    </section>
  );
}

type ByWalletProps = { readonly signer: Signer; readonly onSignedIn: Props["onSignedIn"] };

function ByWallet({ signer, onSignedIn }: ByWalletProps) {
  const { t } = useTranslation("charity-desk");
  const signing = useMutation({
    mutationFn: () => signIn(signer.account, signer.signMessage, window.location),
    onSuccess: onSignedIn,
  });
  if (signing.isError) return <NotDone error={signing.error} again={signing.reset} />;
  return (
    <>
      <p>{t(signing.isPending ? "wallet.answerThere" : "signIn.lead")}</p>
      <button type="button" className="main" disabled={signing.isPending} onClick={() => signing.mutate()}>
        {t("signIn.sign")}
      </button>
    </>
  );
}

function ByKey({ charity: { registration }, onSignedIn }: Props) {
  const { t } = useTranslation("charity-desk");
  const [key, setKey] = useState("");
  const trying = useMutation({
    mutationFn: () => signInByKey(key.trim(), registration),
    onSuccess: onSignedIn,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    trying.mutate();
  };
  return (
    <details>
      <summary>{t("signIn.byKey")}</summary>
      <p className="quiet">{t("signIn.byKeyWhy")}</p>
      <form onSubmit={submit}>
        <label className="field">
          {t("signIn.key")}
          <input
            type="password"
            autoComplete="off"
            value={key}
            required
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        <button type="submit" disabled={trying.isPending}>
          {t("signIn.useKey")}
        </button>
      </form>
      {trying.isError && <NotDone error={trying.error} />}
    </details>
  );
}
