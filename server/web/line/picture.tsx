// The picture that the whole product is about: a charity's line from its beginning to now, how far its money has come, and the
// visitor's own cents at their address on it.

import { type KeyboardEvent, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Kind } from "../../protocol/receipt.ts";
import type { Line } from "../../protocol/verification.ts";
import { useWords } from "../units/use-words.ts";
import {
  BAR,
  Beam,
  Cells,
  Ends,
  heightFor,
  Labels,
  Own,
  OwnLabel,
  OwnTexts,
  Segments,
  STRIP,
} from "./drawing.tsx";
import "./line.css";
import { type Label, labelsOf, type Mark, marksOf, segmentsOf } from "./marks.ts";
import { MarksTable } from "./table.tsx";
import { useGestures } from "./use-gestures.ts";
import { type Looking, useView } from "./use-view.ts";
import { useWidth } from "./use-width.ts";
import { type Interval, isWhole, type View, wholeOf } from "./viewport.ts";

export type LinePictureProps = {
  /** How far the line goes, as far as is known. */
  readonly extent: bigint;
  /** Its watermarks; null when nobody could be asked. */
  readonly line: Line | null;
  readonly kind: Kind;
  readonly unit: string;
  /** Who the line belongs to. */
  readonly charity: string;
  readonly own: Interval;
};

export function LinePicture(props: LinePictureProps) {
  const { extent, line, kind, own, unit } = props;
  const { t } = useTranslation("line");
  const looking = useView(extent, own);
  const picture = useRef<HTMLDivElement>(null);
  const width = useWidth(picture);
  const gestures = useGestures(picture, { ...looking, extent, width });
  const help = useId();
  const marks = line === null ? [] : marksOf(line, kind);
  return (
    <figure className="line" onKeyDown={(event) => pressed(event, looking)}>
      <Buttons looking={looking} extent={extent} />
      <section
        ref={picture}
        className="line-picture"
        aria-label={t("region")}
        aria-describedby={help}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer looks around with the arrow keys
        tabIndex={0}
        {...gestures}
      >
        <Drawing {...props} marks={marks} view={looking.view} width={width} />
      </section>
      <p id={help} className="line-help">
        {t("help.hand")} <span className="line-keys">{t("help.keys")}</span>
      </p>
      <Shown view={looking.goal} extent={extent} unit={unit} />
      <MarksTable marks={marks} own={own} unit={unit} />
    </figure>
  );
}

const KEYS: Record<string, keyof Pick<Looking, "left" | "right" | "nearer" | "farther" | "whole" | "own">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "nearer",
  ArrowDown: "farther",
  "+": "nearer",
  "-": "farther",
  Home: "whole",
  End: "own",
};

function pressed(event: KeyboardEvent, looking: Looking): void {
  const step = KEYS[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  looking[step]();
}

function Buttons({ looking, extent }: { looking: Looking; extent: bigint }) {
  const { t } = useTranslation("line");
  return (
    <div className="line-buttons">
      <button type="button" aria-label={t("nearer")} title={t("nearer")} onClick={looking.nearer}>
        +
      </button>
      <button
        type="button"
        aria-label={t("farther")}
        title={t("farther")}
        onClick={looking.farther}
        disabled={isWhole(looking.goal, extent)}
      >
        −
      </button>
      <button type="button" onClick={looking.whole} disabled={isWhole(looking.goal, extent)}>
        {t("whole")}
      </button>
      <button type="button" className="main" onClick={looking.own}>
        {t("own")}
      </button>
    </div>
  );
}

/** Below this the letters are smaller. */
const NARROW = 480;

type Drawing = LinePictureProps & {
  readonly marks: readonly Mark[];
  readonly view: View;
  readonly width: number;
};

function Drawing(props: Drawing) {
  const { marks, view, width, extent, own, unit } = props;
  const { t } = useTranslation("line");
  const { amount } = useWords();
  const labels = labelsOf(marks, view, width);
  const segments = segmentsOf(marks);
  const bar = { ...BAR, view, width };
  const strip = { ...STRIP, view: wholeOf(extent), width };
  // A mark at the end says itself where that is.
  const isMarked = marks.some(({ at }) => at === view.to);
  const textOf = ({ names, at }: Label) =>
    `${names.map((name) => t(`mark.${name}`)).join(" · ")} ${amount(at, unit)}`;
  return (
    <svg
      role="img"
      aria-label={useSentence(props)}
      width={width}
      height={heightFor(labels.length)}
      className={width < NARROW ? "line-narrow" : ""}
    >
      <Segments segments={segments} {...strip} />
      <Beam view={view} extent={extent} width={width} />
      <Own own={own} pin {...strip} />
      <OwnLabel
        own={own}
        extent={extent}
        width={width}
        text={t("yours", { amount: amount(own.end - own.start, unit) })}
      />
      <Segments segments={segments} {...bar} />
      <Own own={own} pin={false} {...bar} />
      <Cells {...bar} />
      <OwnTexts
        own={own}
        view={view}
        width={width}
        text={t("yours", { amount: amount(own.end - own.start, unit) })}
        from={amount(own.start, unit)}
        to={amount(own.end, unit)}
      />
      <Labels labels={labels} textOf={textOf} width={width} />
      <Ends from={amount(view.from, unit)} to={isMarked ? "" : amount(view.to, unit)} width={width} />
    </svg>
  );
}

/** The whole picture in words. */
function useSentence({ marks, own, unit, charity, extent }: Drawing): string {
  const { t } = useTranslation("line");
  const { amount } = useWords();
  const told = marks.map(({ name, at }) =>
    t("sentence.mark", { mark: t(`mark.${name}`), at: amount(at, unit) }),
  );
  const line = t("sentence.line", { charity, to: amount(extent, unit) });
  const place = t("sentence.own", {
    amount: amount(own.end - own.start, unit),
    start: amount(own.start, unit),
    end: amount(own.end, unit),
  });
  return [line, ...told.reverse(), place].join(" ");
}

/** What is looked at, told to those who hear the page as well. */
function Shown({ view, extent, unit }: { view: View; extent: bigint; unit: string }) {
  const { t } = useTranslation("line");
  const { amount } = useWords();
  const text = isWhole(view, extent)
    ? t("shownWhole", { to: amount(view.to, unit) })
    : t("shown", { from: amount(view.from, unit), to: amount(view.to, unit) });
  return (
    <p className="line-shown" role="status">
      {text}
    </p>
  );
}
