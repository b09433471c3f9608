// The steps of a day, hour by hour: a machine's day looks like none that was walked.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";

const HIGH = 100;

export function HourBars({ hours }: { hours: readonly number[] }) {
  const { t } = useTranslation("operator");
  const { count } = useWords();
  const most = Math.max(...hours);
  const walked = hours.filter((steps) => steps > 0).length;
  return (
    <figure className="hour-bars">
      <svg
        role="img"
        aria-label={t("held.bars", { count: walked, most: count(most) })}
        viewBox={`0 0 ${hours.length} ${HIGH}`}
        preserveAspectRatio="none"
      >
        <path d={barsOf(hours, most)} />
      </svg>
      <figcaption className="quiet" aria-hidden="true">
        <span>00:00</span>
        <span>12:00</span>
        <span>24:00</span>
      </figcaption>
    </figure>
  );
}

/** One bar an hour, the highest as high as the picture. */
const barsOf = (hours: readonly number[], most: number): string =>
  hours
    .map((steps, hour) => `M${hour + 0.1} ${HIGH}v${-(steps / Math.max(1, most)) * HIGH}h0.8V${HIGH}Z`)
    .join("");
