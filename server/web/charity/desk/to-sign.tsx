// What is about to be signed: in plain words and to the figure, compared with the contract, and then by the wallet.

import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Hex } from "viem";
import type { SignedName } from "../../../protocol/typed-data.ts";
import type { Place } from "../../../verifier/follow.ts";
import type { Offer } from "../../../verifier/signing.ts";
import { Compared, maySign, useComparison } from "./comparison.tsx";
import { useDesk } from "./context.ts";
import { NotDone } from "./not-done.tsx";
import type { UnderWay } from "./signing.ts";
import { isAccount, type Signer, useSigner } from "./use-signer.ts";

type Props = {
  readonly offer: Offer<SignedName>;
  /** One sentence each. */
  readonly words: readonly string[];
  readonly compare: (place: Place) => Promise<void>;
  readonly post: (signature: Hex) => Promise<UnderWay>;
  readonly label: string;
  readonly children?: ReactNode;
};

export function ToSign({ offer, words, compare, post, label, children }: Props) {
  const { t } = useTranslation("charity-desk");
  const comparison = useComparison(offer.typedData.message, compare);
  /** Consent is to these very figures: where others are offered meanwhile, it is asked for anew. */
  const [accepted, setAccepted] = useState<string | null>(null);
  const figures = JSON.stringify(offer.typedData.message);
  const isAccepted = accepted === figures;
  const accept = (is: boolean) => setAccepted(is ? figures : null);
  const signer = useSigner();
  const signing = useSigning(signer, offer, post);
  const isTheirs = useMaySign(signer);
  const isReady = isTheirs && maySign(comparison, isAccepted);
  return (
    <div className="to-sign">
      <h4>{t("toSign.title")}</h4>
      <ol>
        {words.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
      {children}
      <Figures offer={offer} />
      <Compared comparison={comparison} isAccepted={isAccepted} accept={accept} />
      {signer === null && <p>{t("toSign.connect")}</p>}
      {signing.isPending && <p role="status">{t("wallet.answerThere")}</p>}
      {signing.isError ? (
        <NotDone error={signing.error} again={signing.reset} />
      ) : (
        <button
          type="button"
          className="main"
          disabled={!isReady || signing.isPending}
          onClick={() => signing.mutate()}
        >
          {label}
        </button>
      )}
    </div>
  );
}

/** A key's session is a wallet contract's: which account signs for that, the contract knows. */
function useMaySign(signer: Signer | null): boolean {
  const { charity, session } = useDesk();
  return signer !== null && (session.by === "key" || isAccount(signer.account, charity.signer));
}

function useSigning(signer: Signer | null, { typedData }: Offer<SignedName>, post: Props["post"]) {
  const { add } = useDesk();
  return useMutation({
    mutationFn: async () => await post(await (signer as Signer).signTypedData(typedData)),
    onSuccess: add,
  });
}

/** To the figure, as the wallet will show it. */
function Figures({ offer: { args, ledger } }: Pick<Props, "offer">) {
  const { t } = useTranslation("charity-desk");
  return (
    <details>
      <summary>{t("toSign.figures")}</summary>
      <dl className="facts">
        {Object.entries({ ...args, ledger }).map(([name, value]) => (
          <div key={name} className="figure">
            <dt>{name}</dt>
            <dd>
              <code>{`${value}`}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
