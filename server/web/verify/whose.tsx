// Whose receipt it is: its amount, the order number to be compared, who is the donor in law, and the rest of its details.

import { useTranslation } from "react-i18next";
import type { JsonValue } from "../../protocol/details.ts";
import { ORDER_NUMBER } from "../../protocol/details.ts";
import { REVERSAL } from "../../protocol/receipt.ts";
import type { Verification } from "../../protocol/verification.ts";
import { PORTION_DETAILS, portionsIn, portionsText } from "../units/portions.ts";
import { unixTime } from "../units/time.ts";
import { useWords } from "../units/use-words.ts";

const LEGAL_DONOR = "legalDonor";
const SHOWN_FIRST = new Set([ORDER_NUMBER, LEGAL_DONOR]);
const PORTIONS = new Set(PORTION_DETAILS);

export function Whose({
  verification: { file, verdict },
  isProof,
  erased,
}: {
  readonly verification: Verification;
  readonly isProof: boolean;
  readonly erased: string | null;
}) {
  const { t } = useTranslation("verify");
  const { amount, time } = useWords();
  if (file === null) return null;
  const { receipt, details } = file;
  const sum = amount(receipt.amount, receipt.unit);
  return (
    <section className="whose">
      {verdict === "invalid" && <p className="bad">{t("whose.refuted")}</p>}
      <p className="sum">{t(receipt.kind === REVERSAL ? "whose.reversal" : "whose.gift", { amount: sum })}</p>
      {details === null ? (
        <p className="quiet">
          {t(erased !== null ? "whose.erased" : isProof ? "whose.hidden" : "whose.gone", {
            at: erased === null ? "" : time(erased),
          })}
        </p>
      ) : (
        <>
          <ComesTo details={details} />
          <Owner details={details} />
        </>
      )}
    </section>
  );
}

type Members = Readonly<Record<string, JsonValue>>;

/** Of a charity's own shop: how many lunches, or whatever else its terms name. */
function ComesTo({ details }: { details: Members }) {
  const { t } = useTranslation("verify");
  const { language } = useWords();
  const portions = portionsIn(details);
  if (portions === null) return null;
  return <p className="comes-to">{t("whose.comesTo", { portions: portionsText(portions, language, t) })}</p>;
}

function Owner({ details }: { details: Members }) {
  const { t } = useTranslation("verify");
  const order = details[ORDER_NUMBER];
  const donor = details[LEGAL_DONOR];
  return (
    <>
      <dl className="owner">
        <div>
          <dt>{t("whose.order")}</dt>
          <dd className="order">{order == null ? t("whose.noOrder") : plain(order)}</dd>
        </div>
        {donor == null ? null : (
          <div>
            <dt>{t("whose.legalDonor")}</dt>
            <dd>{plain(donor)}</dd>
          </div>
        )}
      </dl>
      <p>{t("whose.compare")}</p>
      <Others details={details} />
    </>
  );
}

function Others({ details }: { details: Members }) {
  const { t } = useTranslation("verify");
  const isShown = (name: string) =>
    SHOWN_FIRST.has(name) || (portionsIn(details) !== null && PORTIONS.has(name));
  const others = Object.entries(details).filter(([name]) => !isShown(name));
  return (
    <details>
      <summary>{t("whose.others")}</summary>
      <dl className="details">
        {others.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`detail.${name}`, { defaultValue: name })}</dt>
            <dd>
              <Value name={name} value={value} details={details} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** In minor units of the purchase's currency. */
const AMOUNTS = new Set(["price", "shipping", "gross"]);
const TIMES = new Set(["completedAt", "refundedAt"]);

function Value({ name, value, details }: { name: string; value: JsonValue; details: Members }) {
  const { amount, time } = useWords();
  const { currency } = details;
  if (
    AMOUNTS.has(name) &&
    typeof currency === "string" &&
    typeof value === "string" &&
    /^\d{1,19}$/.test(value)
  )
    return amount(value, currency);
  if (TIMES.has(name) && typeof value === "number" && Number.isSafeInteger(value) && value < 1e11)
    return time(unixTime(BigInt(value)));
  return plain(value);
}

/** A file may nest deeper than can be written out: then it says nothing that anybody could read. */
function plain(value: JsonValue): string {
  try {
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    return "…";
  }
}
