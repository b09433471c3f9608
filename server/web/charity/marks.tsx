// A line as a bar, and its watermarks as amounts beside their colours. Not the picture in which a receipt lies.

import "./marks.css";
import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { drawnMarks } from "./marks.ts";
import type { Line } from "./queries.ts";

/** `short`: the bar and its amounts without what they mean. */
export function Marks({
  unit,
  watermarks,
  short = false,
}: Pick<Line, "unit" | "watermarks"> & { short?: boolean }) {
  const { t } = useTranslation("charity");
  const { amount: say } = useWords();
  const marks = drawnMarks(watermarks);
  return (
    <div className="marks">
      <div className="marks-bar" aria-hidden="true">
        {marks.map(({ mark, thousandths }) => (
          <span key={mark} className={`of-${mark}`} style={{ width: `${thousandths / 10}%` }} />
        ))}
      </div>
      <dl>
        {marks.map(({ mark, amount }) => (
          <div key={mark}>
            <dt>
              <span className={`dot of-${mark}`} aria-hidden="true" /> {t(`marks.${mark}`)}
            </dt>
            <dd className="amount" data-mark={mark}>
              {say(amount, unit)}
            </dd>
            {!short && <dd className="quiet">{t(`marks.${mark}Means`)}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}
