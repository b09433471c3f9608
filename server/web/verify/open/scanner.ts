// Reads a QR code out of a picture: by the browser where it can, else by a library that is loaded only then.

/** The browser's own reader, which not every one has. */
type Detector = { detect(image: ImageBitmapSource): Promise<{ rawValue: string }[]> };
type DetectorClass = {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
};

/** Anything that can be drawn, with its size in pixels. */
export type Picture = CanvasImageSource & ImageBitmapSource;
export type Reader = (picture: Picture, width: number, height: number) => Promise<string | null>;

/** Larger pictures are made smaller: a code that fills a tenth of it is read all the same. */
const MOST_PIXELS_A_SIDE = 1_200;

export async function makeReader(): Promise<Reader> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (BarcodeDetector === undefined || !formats.includes("qr_code")) return await libraryReader();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
}

async function libraryReader(): Promise<Reader> {
  // The function is its own default, too: so it is called alike whoever bundles it.
  const { default: library } = await import("jsqr");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  return async (picture, width, height) => {
    const scale = Math.min(1, MOST_PIXELS_A_SIDE / Math.max(width, height));
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    return library.default(pixels.data, pixels.width, pixels.height)?.data ?? null;
  };
}

/** The text of the code in a picture file; null when there is none to be read. */
export async function codeInPicture(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) return null;
  try {
    return await (await makeReader())(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}
