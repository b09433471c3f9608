// Where a charity acts: connects its wallet, signs in, signs for money, reports what it became, and takes its proof of funds.
// Loaded for those alone who open it.

import "./desk.css";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { WagmiProvider } from "wagmi";
import { useLedgerHint } from "../../ledger/use-ledger.ts";
import { Loading } from "../../shell/states.tsx";
import type { Charity } from "../queries.ts";
import { Acknowledge } from "./acknowledge.tsx";
import { BankAccount } from "./bank-account.tsx";
import { DeskContext } from "./context.ts";
import { Disburse } from "./disburse.tsx";
import { Followed } from "./followed.tsx";
import { ProofOfFunds } from "./proof-of-funds.tsx";
import { keepSession, keptSession, type Session } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { SignedIn } from "./signed-in.tsx";
import type { UnderWay } from "./signing.ts";
import { walletConfig } from "./wallet.ts";
import { Wallet } from "./wallet.tsx";

const ANY_CHAIN = 1;

/** All texts that its parts need are there before any of it is shown. */
export default function Desk({ charity }: { charity: Charity }) {
  useTranslation(["charity-desk", "ledger"]);
  const { data: hint, isPending } = useLedgerHint();
  if (isPending) return <Loading />;
  return (
    <WagmiProvider config={walletConfig(hint?.chainId ?? ANY_CHAIN)} reconnectOnMount={false}>
      <Opened charity={charity} />
    </WagmiProvider>
  );
}

function Opened({ charity }: { charity: Charity }) {
  const [session, setSession] = useState(() => keptSession(charity.registration, new Date()));
  const open = (opened: Session | null) => {
    keepSession(opened);
    setSession(opened);
  };
  return (
    <>
      <Wallet charity={charity} session={session} />
      {session === null ? (
        <SignIn charity={charity} onSignedIn={open} />
      ) : (
        <Work charity={charity} session={session} end={() => open(null)} />
      )}
    </>
  );
}

type WorkProps = { readonly charity: Charity; readonly session: Session; readonly end: () => void };

function Work({ charity, session, end }: WorkProps) {
  const [underWay, setUnderWay] = useState<readonly UnderWay[]>([]);
  const add = useCallback((one: UnderWay) => {
    setUnderWay((all) => [...all.filter(({ path }) => path !== one.path), one]);
  }, []);
  const desk = useMemo(
    () => ({ charity, session, end, underWay, add }),
    [charity, session, end, underWay, add],
  );
  return (
    <DeskContext value={desk}>
      <SignedIn />
      {underWay.map((one) => (
        <Followed key={one.path} one={one} />
      ))}
      <Acknowledge />
      <Disburse />
      <ProofOfFunds />
      <BankAccount />
    </DeskContext>
  );
}
