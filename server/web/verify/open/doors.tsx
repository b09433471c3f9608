// The ways in for a receipt: opened, dropped, pasted or scanned. Whatever comes is read here and handed on as text, and
// stays in the browser.

import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Boundary } from "../../shell/boundary.tsx";
import { Loading } from "../../shell/states.tsx";
import { type Brought, readFile, readTransfer } from "./read-file.ts";

const Camera = lazy(() => import("./camera.tsx"));

const hasCamera = () => navigator.mediaDevices?.getUserMedia !== undefined;

export function Doors({ onText, note }: { onText: (text: string) => void; note?: ReactNode }) {
  const { t } = useTranslation("verify");
  const [isScanning, setScanning] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const take = (brought: Promise<Brought>) =>
    void brought.then((text) => {
      setRefused(text === null);
      if (text !== null) onText(text);
    });
  const isOver = useDropAndPaste(take);
  return (
    <section className={isOver ? "doors over" : "doors"} aria-label={t("open.label")}>
      <p>{t("open.drop")}</p>
      <div className="ways">
        <FileDoor take={take} />
        {hasCamera() && !isScanning && (
          <button type="button" onClick={() => setScanning(true)}>
            {t("open.scan")}
          </button>
        )}
      </div>
      {isScanning && (
        <Boundary>
          <Suspense fallback={<Loading />}>
            <Camera
              onFound={(text) => {
                setScanning(false);
                onText(text);
              }}
              onClose={() => setScanning(false)}
            />
          </Suspense>
        </Boundary>
      )}
      <PasteDoor onText={onText} />
      {isRefused && <p role="alert">{t("open.nothingRead")}</p>}
      {note}
      <p className="quiet">{t("open.private")}</p>
    </section>
  );
}

function FileDoor({ take }: { take: (brought: Promise<Brought>) => void }) {
  const { t } = useTranslation("verify");
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,application/json,image/*"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) take(readFile(file));
          target.value = "";
        }}
      />
      <button type="button" className="main" onClick={() => input.current?.click()}>
        {t("open.file")}
      </button>
    </>
  );
}

function PasteDoor({ onText }: { onText: (text: string) => void }) {
  const { t } = useTranslation("verify");
  const [text, setText] = useState("");
  return (
    <form
      className="paste"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onText(text);
      }}
    >
      <label htmlFor="pasted">{t("open.paste")}</label>
      <div className="ways">
        <input id="pasted" value={text} onChange={({ target }) => setText(target.value)} autoComplete="off" />
        <button type="submit">{t("open.check")}</button>
      </div>
    </form>
  );
}

/** Anywhere on the page: nobody should have to aim. */
function useDropAndPaste(take: (brought: Promise<Brought>) => void): boolean {
  const [isOver, setOver] = useState(false);
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    const over = new AbortController();
    const on = <Name extends "dragover" | "dragleave" | "drop" | "paste">(
      name: Name,
      act: (event: DocumentEventMap[Name]) => void,
    ) => document.addEventListener(name, act, { signal: over.signal });
    on("dragover", (event) => {
      event.preventDefault();
      setOver(true);
    });
    on("dragleave", () => setOver(false));
    on("drop", (event) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) taker.current(readTransfer(event.dataTransfer));
    });
    on("paste", (event) => {
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (!isTyping && event.clipboardData !== null) taker.current(readTransfer(event.clipboardData));
    });
    return () => over.abort();
  }, []);
  return isOver;
}
