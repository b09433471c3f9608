// The camera, looking for a receipt's code until it sees one. Nothing of what it sees leaves the browser.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { makeReader } from "./scanner.ts";

const LOOK_EVERY_MS = 150;

/** Watches until a code is read or the watching is called off. Answers with what calls it off. */
function watch(video: HTMLVideoElement, found: (text: string) => void, failed: () => void): () => void {
  const over = new AbortController();
  lookForCode(video, over.signal).then((text) => {
    if (text !== null) found(text);
  }, failed);
  return () => over.abort();
}

/** Null when it was called off. Throws when the camera cannot be had. */
async function lookForCode(video: HTMLVideoElement, signal: AbortSignal): Promise<string | null> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    const read = await makeReader();
    while (!signal.aborted) {
      const text = video.videoWidth > 0 ? await read(video, video.videoWidth, video.videoHeight) : null;
      if (text !== null && !signal.aborted) return text;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return null;
  } catch (thrown) {
    if (signal.aborted) return null;
    throw thrown;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

export default function Camera({
  onFound,
  onClose,
}: {
  onFound: (text: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("verify");
  const video = useRef<HTMLVideoElement>(null);
  const [isFailed, setFailed] = useState(false);
  const found = useRef(onFound);
  found.current = onFound;
  useEffect(() => {
    if (video.current === null) return;
    return watch(
      video.current,
      (text) => found.current(text),
      () => setFailed(true),
    );
  }, []);
  return (
    <div className="camera">
      {isFailed ? (
        <p role="alert">{t("open.noCamera")}</p>
      ) : (
        <>
          <video ref={video} muted playsInline aria-label={t("open.camera")} />
          <p role="status">{t("open.looking")}</p>
        </>
      )}
      <button type="button" onClick={onClose}>
        {t("open.stop")}
      </button>
    </div>
  );
}
