// The lines of a charity: how far the money of each has come, what of it is only claimed, and a fault, plainly.

import { useTranslation } from "react-i18next";
import { Asked, Nothing } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { Marks } from "./marks.tsx";
import { type Charity, type Line, useClaim, useLines } from "./queries.ts";

export function Lines({ charity: { id } }: { charity: Charity }) {
  const { t } = useTranslation("charity");
  const query = useLines(id);
  return (
    <section aria-labelledby="lines">
      <h2 id="lines">{t("lines.title")}</h2>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t("lines.none")}</Nothing>
          ) : (
            items.map((line) => <OneLine key={line.unit} line={line} />)
          )
        }
      </Asked>
    </section>
  );
}

function OneLine({ line }: { line: Line }) {
  const { t } = useTranslation("charity");
  const { time } = useWords();
  return (
    <div className="card line" data-unit={line.unit}>
      <h3>{t("lines.inUnit", { unit: line.unit })}</h3>
      {line.fault && (
        <div className="fault" role="alert">
          <strong>{t("fault.title")}</strong>
          <p>
            {t(`fault.${line.fault}`)} {t("fault.means")}
          </p>
        </div>
      )}
      <Marks unit={line.unit} watermarks={line.watermarks} />
      <Refunded line={line} />
      <Claimed line={line} />
      <p className="quiet small">
        {line.readAt === null ? t("lines.notRead") : t("lines.readAt", { time: time(line.readAt) })}
      </p>
    </div>
  );
}

function Refunded({ line: { unit, watermarks } }: { line: Line }) {
  const { t } = useTranslation("charity");
  const { amount } = useWords();
  if (watermarks.reversed === "0") return null;
  const [refunded, setOff] = [amount(watermarks.reversed, unit), amount(watermarks.netted, unit)];
  return <p>{t("lines.refunded", { refunded, setOff })}</p>;
}

function Claimed({ line }: { line: Line }) {
  const { t } = useTranslation("charity");
  const { amount, age } = useWords();
  const claim = useClaim(line).data?.claimed;
  if (!claim) return null;
  return (
    <p className="claimed">
      {t("lines.claimed", { amount: amount(claim.amount, line.unit), age: age(claim.ageSeconds) })}
    </p>
  );
}
