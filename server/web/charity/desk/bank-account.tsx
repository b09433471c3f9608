// Where a charity is paid by bank, and its veto while a change of that waits.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, post } from "../../api/client.ts";
import { Asked, Nothing } from "../../shell/states.tsx";
import { useWords } from "../../units/use-words.ts";
import { charityPath } from "../queries.ts";
import { useDesk } from "./context.ts";
import { NotDone } from "./not-done.tsx";

type Account = {
  readonly name: string;
  readonly iban: string | null;
  readonly account: string | null;
  readonly bic: string | null;
  readonly effectiveAt: string;
};

type Accounts = { readonly inForce: Account | null; readonly waiting: Account | null };

export function BankAccount() {
  const { t } = useTranslation("charity-desk");
  const { charity, session } = useDesk();
  const query = useQuery({
    queryKey: ["bank-account", charity.id],
    queryFn: ({ signal }) => get<Accounts>(charityPath(charity.id, "/bank-account"), { ...session, signal }),
  });
  return (
    <section className="card" aria-labelledby="bank">
      <h3 id="bank">{t("bank.title")}</h3>
      <Asked query={query}>
        {({ inForce, waiting }) => (
          <>
            {inForce === null ? <Nothing>{t("bank.none")}</Nothing> : <Shown account={inForce} />}
            {waiting !== null && <Waiting account={waiting} />}
          </>
        )}
      </Asked>
    </section>
  );
}

const Shown = ({ account: { name, iban, account, bic } }: { account: Account }) => (
  <p>
    {name}
    <br />
    <code>{iban ?? account}</code> {bic}
  </p>
);

function Waiting({ account }: { account: Account }) {
  const { t } = useTranslation("charity-desk");
  const { time } = useWords();
  const { charity, session } = useDesk();
  const queries = useQueryClient();
  const veto = useMutation({
    mutationFn: () => post<Accounts>(charityPath(charity.id, "/bank-account/veto"), {}, session),
    onSuccess: (accounts) => queries.setQueryData(["bank-account", charity.id], accounts),
  });
  return (
    <div className="waiting">
      <p className="claimed" role="alert">
        {t("bank.changes", { time: time(account.effectiveAt) })}
      </p>
      <Shown account={account} />
      {veto.isError && <NotDone error={veto.error} />}
      <button type="button" disabled={veto.isPending} onClick={() => veto.mutate()}>
        {t("bank.veto")}
      </button>
    </div>
  );
}
