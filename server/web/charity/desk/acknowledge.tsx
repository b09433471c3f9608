// Signing for money: what was paid and not signed for, line by line, said in plain words.

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { compareAcknowledgement } from "../../../verifier/compare-signed.ts";
import { Loading } from "../../shell/states.tsx";
import { useWords } from "../../units/use-words.ts";
import { type Line, moving } from "../queries.ts";
import { useDesk } from "./context.ts";
import { NotDone } from "./not-done.tsx";
import { OpenLines } from "./open-lines.tsx";
import {
  acknowledgementUnderWay,
  postAcknowledgement,
  type ToAcknowledge,
  whatToAcknowledge,
} from "./signing.ts";
import { ToSign } from "./to-sign.tsx";

export function Acknowledge() {
  const { t } = useTranslation("charity-desk");
  return (
    <section className="card" aria-labelledby="acknowledge">
      <h3 id="acknowledge">{t("acknowledge.title")}</h3>
      <OpenLines what="acknowledgement" from="acknowledged" upTo="paid" none={t("acknowledge.none")}>
        {(line) => <OfLine key={line.unit} line={line} />}
      </OpenLines>
    </section>
  );
}

function OfLine({ line: { unit, watermarks } }: { line: Line }) {
  const { charity, session } = useDesk();
  const query = useQuery({
    queryKey: [...moving(charity.id), "offer", unit, watermarks.paid, watermarks.acknowledged],
    queryFn: ({ signal }) => whatToAcknowledge(charity, unit, session, signal),
    staleTime: 30_000,
    retry: false,
  });
  if (query.data !== undefined) return <Offered offer={query.data} />;
  if (query.isPending) return <Loading />;
  return <NotDone error={query.error} again={() => void query.refetch()} />;
}

function Offered({ offer }: { offer: ToAcknowledge }) {
  const { t } = useTranslation("charity-desk");
  const { charity, session } = useDesk();
  return (
    <ToSign
      offer={offer}
      words={useSentences(offer)}
      compare={(place) => compareAcknowledgement(place, offer, charity.signer ?? "0x")}
      post={async (signature) =>
        acknowledgementUnderWay(charity, await postAcknowledgement(charity, offer, signature, session))
      }
      label={t("acknowledge.sign")}
    >
      <Payouts offer={offer} />
    </ToSign>
  );
}

function useSentences({ args, ledger }: ToAcknowledge): string[] {
  const { t } = useTranslation("charity-desk");
  const { amount, count } = useWords();
  const { charity } = useDesk();
  const { unit, from, upTo, received, batch, root } = args;
  const setOff = BigInt(upTo) - BigInt(from) - BigInt(received);
  const name = `${charity.name} (${charity.registration})`;
  return [
    t("acknowledge.says.received", { name, amount: amount(received, unit) }),
    t("acknowledge.says.gifts", { from: count(from), upTo: count(upTo), unit }),
    setOff === 0n
      ? t("acknowledge.says.noRefunds")
      : t("acknowledge.says.refunds", { amount: amount(setOff, unit) }),
    t("acknowledge.says.seen", { batch: count(batch), root }),
    t("toSign.forEver", { ledger }),
  ];
}

function Payouts({ offer: { payouts, args } }: { offer: ToAcknowledge }) {
  const { t } = useTranslation("charity-desk");
  const { amount, time } = useWords();
  return (
    <>
      <p>{t("acknowledge.payouts", { count: payouts.length })}</p>
      <ul>
        {payouts.map(({ upTo, rail, amount: minor, paidAt }) => (
          <li key={upTo}>
            {t(`acknowledge.payout.${rail}`, { amount: amount(minor, args.unit), time: time(paidAt) })}
          </li>
        ))}
      </ul>
    </>
  );
}
