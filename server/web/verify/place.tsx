// Where the receipt lies: its address on the charity's line, and the picture of it.

import { useTranslation } from "react-i18next";
import { toHex } from "../../protocol/bytes.ts";
import { GIFT } from "../../protocol/receipt.ts";
import type { Line, Verification } from "../../protocol/verification.ts";
import { extentOf, marksOf } from "../line/marks.ts";
import { LinePicture } from "../line/picture.tsx";
import { shortHex } from "../units/short.ts";
import { useWords } from "../units/use-words.ts";
import { LINE_AT_FAULT } from "./life.ts";

export function Place({
  verification: { file, position, reason },
  line,
  charity,
}: {
  readonly verification: Verification;
  readonly line: Line | null;
  /** Its name, as the site tells it. */
  readonly charity: string | null;
}) {
  const { t } = useTranslation("verify");
  const { count, amount } = useWords();
  // Of a line at fault no position can be relied on.
  if (position === null || reason === LINE_AT_FAULT) return null;
  const { start, end, kind, unit } = position;
  const registration = file?.details?.charity;
  const told =
    charity ?? (typeof registration === "string" ? registration : shortHex(toHex(position.charity)));
  const sums = { amount: amount(end - start, unit), before: amount(start, unit) };
  const words = { charity: told, ...sums, start: count(start), end: count(end) };
  const extent = extentOf(line === null ? [] : marksOf(line, kind), end);
  return (
    <section aria-labelledby="place">
      <h2 id="place">{t("place.title")}</h2>
      <p>{t(kind === GIFT ? "place.gift" : "place.reversal", words)}</p>
      <LinePicture extent={extent} line={line} kind={kind} unit={unit} charity={told} own={{ start, end }} />
      {line === null && <p className="quiet">{t("place.unknown")}</p>}
    </section>
  );
}
