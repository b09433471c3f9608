// How fast receipts come, and how many wait for their seal. Read aloud now and then, not each second.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import type { Overview } from "./figures.ts";

const SAY_EVERY_MS = 60_000;

export function Pace({ overview: { receiptsLastMinute, open, units } }: { overview: Overview }) {
  const { t } = useTranslation("overview");
  const { count, amount } = useWords();
  const gifts = units.reduce((sum, unit) => sum + BigInt(unit.gifts), 0n);
  const said = units.map(({ unit, given }) => amount(given, unit)).join(", ");
  return (
    <>
      <dl className="pace">
        <Figure name={t("pace.minute")} value={count(receiptsLastMinute)} id="minute" />
        <Figure name={t("pace.waiting")} value={count(open.receipts)} id="waiting" />
        <Figure name={t("pace.gifts")} value={count(gifts)} id="gifts" />
      </dl>
      <SaidNowAndThen text={t("pace.said", { minute: count(receiptsLastMinute), given: said })} />
    </>
  );
}

const Figure = ({ name, value, id }: { name: string; value: string; id: string }) => (
  <div className="card">
    <dt>{name}</dt>
    <dd className="figure" data-figure={id}>
      {value}
    </dd>
  </div>
);

/** For those who hear the page: what changes each second would leave them no rest. */
function SaidNowAndThen({ text }: { text: string }) {
  const [said, say] = useState("");
  const newest = useRef(text);
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(() => {
    const timer = setInterval(() => say(newest.current), SAY_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="unseen" aria-live="polite">
      {said}
    </p>
  );
}
